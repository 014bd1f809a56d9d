package org.treatydb.kv.enclave.lock;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.LockLimits;

/**
 * Bounds the locks of a transaction that locks very many keys: neighbouring ones become one range, which covers what lies between them,
 * too. Half of the gaps are closed at a time, those between the keys with the longest common prefixes first, so that little is locked
 * besides what was asked for. A gap is closed only where nobody else holds or waits for a conflicting lock: escalation never waits, takes
 * nothing from anybody, and passes nobody. Where it achieves little, the transaction keeps its locks, and it is tried again when they have
 * doubled.
 *
 * <p>Guarded by the table's lock.
 */
final class Escalation {

  /** So near are neighbours that nothing lies between. */
  private static final int TOUCHING = Integer.MAX_VALUE;

  private final LockState state;
  private final LockLimits limits;

  Escalation(LockState state, LockLimits limits) {
    this.state = state;
    this.limits = limits;
  }

  /** Coalesces the owner's locks if they are many or the table is full. False if it is full even so. */
  boolean makeRoom(LockOwner owner) {
    boolean full = state.lockCount() >= limits.locksMax();
    int enough = Math.max(full ? 2 : limits.escalationLocks(), 2 * owner.locksLeftByEscalation);
    if (owner.lockCount() >= enough) {
      coalesce(owner);
    }
    return state.lockCount() < limits.locksMax();
  }

  private void coalesce(LockOwner owner) {
    for (LockMode mode : List.of(LockMode.EXCLUSIVE, LockMode.SHARED)) {
      List<Piece> pieces = pieces(owner, mode);
      if (pieces.size() > 1) {
        coalesce(owner, mode, pieces);
      }
    }
    owner.locksLeftByEscalation = owner.lockCount();
  }

  /** One of an owner's locks. {@code key}: null if it is on a range. */
  private record Piece(KeyRange range, KeyLock key) {

    byte[] start() {
      return range.start();
    }

    /** The greatest key in it, or the least above it. */
    byte[] last() {
      return key == null ? range.end() : key.key;
    }
  }

  /** The owner's locks in one mode, by start; but those that a stronger range of its own covers are dropped. */
  private List<Piece> pieces(LockOwner owner, LockMode mode) {
    if (mode == LockMode.SHARED) {
      state.dropShared(owner);
    }
    List<Piece> pieces = new ArrayList<>();
    for (KeyLock key : owner.keys) {
      if (key.mode() == mode) {
        pieces.add(new Piece(KeyRange.point(key.key), key));
      }
    }
    owner.ranges(mode).byStart.values().forEach(range -> pieces.add(new Piece(range.range, null)));
    pieces.sort((left, right) -> Arrays.compareUnsigned(left.start(), right.start()));
    return pieces;
  }

  private void coalesce(LockOwner owner, LockMode mode, List<Piece> pieces) {
    int[] nearness = nearness(pieces);
    int[] sorted = Arrays.copyOfRange(nearness, 1, nearness.length);
    Arrays.sort(sorted);
    int nearEnough = sorted[pieces.size() / 2 - 1];
    List<KeyLock> replaced = new ArrayList<>();
    int from = 0;
    byte[] end = pieces.getFirst().range.end();
    for (int i = 1; i <= pieces.size(); i++) {
      if (i < pieces.size() && nearness[i] >= nearEnough
          && (nearness[i] == TOUCHING || isFree(owner, mode, new KeyRange(end, pieces.get(i).start())))) {
        end = later(end, pieces.get(i).range.end());
        continue;
      }
      if (i - from > 1) {
        state.addRange(owner, mode, new KeyRange(pieces.get(from).start(), end));
        pieces.subList(from, i).stream().map(Piece::key).filter(key -> key != null).forEach(replaced::add);
      }
      from = i;
      end = i < pieces.size() ? pieces.get(i).range.end() : null;
    }
    state.dropKeys(owner, replaced);
  }

  private boolean isFree(LockOwner owner, LockMode mode, KeyRange gap) {
    return !state.isBlocked(LockRequest.forRange(owner, mode, gap));
  }

  /** For each piece but the first, how many bits it has in common with what ends before it. */
  private static int[] nearness(List<Piece> pieces) {
    int[] nearness = new int[pieces.size()];
    byte[] end = pieces.getFirst().range.end();
    byte[] last = pieces.getFirst().last();
    for (int i = 1; i < nearness.length; i++) {
      Piece piece = pieces.get(i);
      boolean touches = end == null || Arrays.compareUnsigned(piece.start(), end) <= 0;
      nearness[i] = touches ? TOUCHING : commonBits(last, piece.start());
      byte[] reached = later(end, piece.range.end());
      last = reached == end ? last : piece.last();
      end = reached;
    }
    return nearness;
  }

  private static byte[] later(byte[] end, byte[] other) {
    return end == null || other != null && Arrays.compareUnsigned(other, end) <= 0 ? end : other;
  }

  private static int commonBits(byte[] left, byte[] right) {
    int differing = Arrays.mismatch(left, right);
    if (differing == left.length || differing == right.length) {
      return differing * Byte.SIZE;
    }
    return differing * Byte.SIZE + Integer.numberOfLeadingZeros((left[differing] ^ right[differing]) & 0xff) - 24;
  }
}
