package org.treatydb.kv.crash;

import java.util.Random;

/** What stays of that which was not synced when the power went. */
public interface Survival {

  Survival NOTHING = new Survival() {
    @Override
    public boolean keeps() {
      return false;
    }

    @Override
    public int prefix(int length) {
      return 0;
    }

    @Override
    public String toString() {
      return "nothing unsynced stays";
    }
  };

  Survival EVERYTHING = new Survival() {
    @Override
    public boolean keeps() {
      return true;
    }

    @Override
    public int prefix(int length) {
      return length;
    }

    @Override
    public String toString() {
      return "everything unsynced stays";
    }
  };

  /** A random part stays. */
  static Survival random(long seed) {
    Random random = new Random(seed);
    return new Survival() {
      @Override
      public boolean keeps() {
        return random.nextBoolean();
      }

      @Override
      public int prefix(int length) {
        return switch (random.nextInt(4)) {
          case 0 -> 0;
          case 1 -> length;
          default -> random.nextInt(length + 1);
        };
      }

      @Override
      public String toString() {
        return "a random part of what is unsynced stays";
      }
    };
  }

  /** Whether one change stays, independently of others. */
  boolean keeps();

  /** How much stays of a sequence of that length, from its beginning. */
  int prefix(int length);
}
