package org.treatydb.examples.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The operating system's cache of file contents. {@code posix_fadvise} drops one file's pages, needs no privileges and
 * leaves other processes' files alone, unlike {@code /proc/sys/vm/drop_caches}.
 */
final class PageCache {

  private static final int O_RDONLY = 0;
  private static final int POSIX_FADV_DONTNEED = 4;

  private final MethodHandle open;
  private final MethodHandle fsync;
  private final MethodHandle advise;
  private final MethodHandle close;

  private PageCache() {
    Linker linker = Linker.nativeLinker();
    ValueLayout.OfInt number = ValueLayout.JAVA_INT;
    ValueLayout.OfLong offset = ValueLayout.JAVA_LONG;
    open = function(linker, "open", FunctionDescriptor.of(number, ValueLayout.ADDRESS, number), Linker.Option.firstVariadicArg(2));
    fsync = function(linker, "fsync", FunctionDescriptor.of(number, number));
    advise = function(linker, "posix_fadvise", FunctionDescriptor.of(number, number, offset, offset, number));
    close = function(linker, "close", FunctionDescriptor.of(number, number));
  }

  /** The page cache, if this is a system on which one can drop a file's pages. */
  static Optional<PageCache> find() {
    boolean known = System.getProperty("os.name").equals("Linux") && List.of("amd64", "aarch64").contains(System.getProperty("os.arch"));
    return known ? Optional.of(new PageCache()) : Optional.empty();
  }

  /** Drops the pages of every file under {@code directory}, after writing them out. No file may be open for writing. */
  void drop(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      files.filter(Files::isRegularFile).forEach(this::dropFile);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void dropFile(Path file) {
    try (Arena arena = Arena.ofConfined()) {
      int descriptor = (int) open.invokeExact(arena.allocateFrom(file.toString()), O_RDONLY);
      if (descriptor < 0) {
        throw new IllegalStateException("cannot open " + file);
      }
      int synced = (int) fsync.invokeExact(descriptor);
      int dropped = (int) advise.invokeExact(descriptor, 0L, 0L, POSIX_FADV_DONTNEED);
      int closed = (int) close.invokeExact(descriptor);
      if (synced != 0 || dropped != 0 || closed != 0) {
        throw new IllegalStateException("cannot drop the cached pages of " + file);
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  @SuppressWarnings("restricted")
  private static MethodHandle function(Linker linker, String name, FunctionDescriptor descriptor, Linker.Option... options) {
    MemorySegment symbol = linker.defaultLookup().find(name).orElseThrow();
    return linker.downcallHandle(symbol, descriptor, options);
  }
}
