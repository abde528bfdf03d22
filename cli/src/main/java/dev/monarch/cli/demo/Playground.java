package dev.monarch.cli.demo;

import dev.monarch.cli.CommandFailed;
import dev.monarch.cli.Screen;
import dev.monarch.cli.Surroundings;
import dev.monarch.cli.Terminal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The ring with keys: takes the terminal, redraws what the ring believes, does what is typed. */
final class Playground implements AutoCloseable {
  private static final int REDRAW_MILLIS = 200;
  private static final int END_OF_INPUT = -1;

  private final DemoRing ring;
  private final Picture picture;
  private final Screen screen;
  private final String terminalBefore;
  private final Thread interrupted;
  private final BlockingQueue<Integer> keys = new LinkedBlockingQueue<>();
  private char selected = 'D';

  private Playground(DemoRing ring, Picture picture, Screen screen, String terminalBefore) {
    this.ring = ring;
    this.picture = picture;
    this.screen = screen;
    this.terminalBefore = terminalBefore;
    this.interrupted = new Thread(() -> Terminal.stty(terminalBefore), "terminal");
  }

  static Playground open(Surroundings surroundings, DemoRing ring, boolean colours) {
    String before =
        Terminal.stty("-g")
            .orElseThrow(
                () ->
                    new CommandFailed(
                        "Cannot control the terminal: the command stty failed; 'hab ring demo"
                            + " --story' needs none"));
    var playground =
        new Playground(
            ring,
            new Picture(colours && surroundings.coloured()),
            Screen.open(surroundings),
            before);
    Runtime.getRuntime().addShutdownHook(playground.interrupted);
    // Keys at once and unseen; Ctrl-C stays what it is.
    Terminal.stty("-icanon", "-echo", "min", "1", "time", "0");
    Thread.ofPlatform()
        .daemon()
        .name("keys")
        .start(
            () -> {
              try {
                int key;
                do {
                  key = surroundings.in().read();
                  playground.keys.add(key);
                } while (key != END_OF_INPUT);
              } catch (IOException e) {
                playground.keys.add(END_OF_INPUT);
              }
            });
    return playground;
  }

  /** Until the operator has seen enough. */
  void play() throws InterruptedException {
    ring.play(new Act.StartAll());
    while (true) {
      Beliefs beliefs = ring.look();
      List<Picture.Row> rows = new ArrayList<>();
      ring.members().forEach(m -> rows.add(new Picture.Row(m.seat(), m.state())));
      List<String> lines =
          new ArrayList<>(picture.lines(rows, beliefs, ring.changes(), selected, ring.isSplit()));
      ring.broken().ifPresent(lines::add);
      screen.draw(lines);
      Integer key = keys.poll(REDRAW_MILLIS, TimeUnit.MILLISECONDS);
      if (key != null && !typed(key)) {
        return;
      }
    }
  }

  private boolean typed(int key) {
    switch (key) {
      case 'a', 'b', 'c', 'd', 'e' ->
          selected = Character.toString(key).toUpperCase(Locale.ROOT).charAt(0);
      case 's' -> ring.play(new Act.Stop(selected));
      case 'k' -> ring.play(new Act.Kill(selected));
      case 'f' -> ring.play(new Act.Freeze(selected));
      case 'r' -> ring.play(new Act.Revive(selected));
      case 'x' -> ring.play(new Act.Split());
      case 'h' -> ring.play(new Act.Heal());
      case 'q', END_OF_INPUT -> {
        return false;
      }
      default -> {}
    }
    return true;
  }

  @Override
  public void close() {
    screen.close();
    Terminal.stty(terminalBefore);
    try {
      Runtime.getRuntime().removeShutdownHook(interrupted);
    } catch (IllegalStateException endingAlready) {
      // The hook does the same.
    }
  }
}
