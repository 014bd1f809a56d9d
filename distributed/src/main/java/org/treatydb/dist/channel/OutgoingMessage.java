package org.treatydb.dist.channel;

/** A request or reply on its way out. */
interface OutgoingMessage {

  long call();

  byte[] payload();

  /** Whether it need not be sent any more. Asked before its first frame is. */
  boolean isUnwanted();

  /** All of it has left, or none of what is left will: the memory it took is free. Called once. */
  void gone();
}
