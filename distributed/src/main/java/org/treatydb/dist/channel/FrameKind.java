package org.treatydb.dist.channel;

/** What a frame carries. Codes are never used twice. */
enum FrameKind {
  /** The server is ready: its node id (4 bytes). The first frame of every connection, and the only one of its kind. */
  READY(1),
  /** A whole request. */
  REQUEST(2),
  /** The first part of a longer request, after the length of the whole (4 bytes). */
  REQUEST_BEGIN(3),
  /** A whole reply. */
  REPLY(4),
  /** The first part of a longer reply, after the length of the whole (4 bytes). */
  REPLY_BEGIN(5),
  /** The next part of a request or reply that has begun. */
  PART(6);

  private final byte code;

  FrameKind(int code) {
    this.code = (byte) code;
  }

  byte code() {
    return code;
  }
}
