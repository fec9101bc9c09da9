"""`make phone`: the simulated phone for hands-on use, moved by the terminal's keyboard and over HTTP."""

import select
import sys
import termios
import tty

from rich.console import Console

from tests.demo.stage import Stage
from tests.peers.baresip import Baresip
from tests.scenarios.phone import Phone

KEYS = {
    "m": "mer",
    "a": "soft1",
    "s": "soft2",
    "d": "soft3",
    "f": "soft4",
    "x": "mute",
    "+": "volume_up",
    "-": "volume_down",
    "*": "star",
    "#": "pound",
    **{str(digit): str(digit) for digit in range(10)},
}
_HELP = """m = Mer   a s d f = soft keys   h = handset   0-9 * # = dial   x = mute   + - = volume
c = call the far end   i = the far end calls   q = quit"""


def hands_on(out: Console, phone: Phone, peer: Baresip) -> None:
    """Until `q` or Ctrl-C. Without a terminal (started by a program) until the phone ends."""
    out.print(f"the phone: http://127.0.0.1:{phone.http_port}/api/state   its far end: {peer.uri}", soft_wrap=True)
    out.print(f"recordings: {phone.storage}", soft_wrap=True)
    if not sys.stdin.isatty():
        phone.program.wait()
        return
    out.print(_HELP)
    before = termios.tcgetattr(sys.stdin)
    tty.setcbreak(sys.stdin)
    try:
        with Stage(out, 1) as stage:
            on_cradle = True
            while phone.running:
                stage.show(phone.get("/api/screen.png"), phone.state())
                if not select.select([sys.stdin], [], [], 0.1)[0]:
                    continue
                pressed = sys.stdin.read(1)
                if pressed == "q":
                    return
                if pressed == "h":
                    on_cradle = not on_cradle
                    phone.hook(down=on_cradle)
                elif pressed == "c":
                    phone.dial(peer.uri)
                elif pressed == "i":
                    peer.dial(phone.uri)
                elif pressed in KEYS:
                    phone.press(KEYS[pressed])
    except KeyboardInterrupt:
        pass
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)
