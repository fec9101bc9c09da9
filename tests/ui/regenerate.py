"""`python -m tests.ui.regenerate`: draw the golden pictures anew and say which ones changed, to be looked at."""

from PIL import Image

from tests.ui.golden import differing_pixels
from tests.ui.pictures import FOLDER, PICTURES, files


def main() -> None:
    """Write every picture and remove those that nobody draws any more."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = files()
    for stale in sorted(FOLDER.glob("*.png")):
        if stale.name not in wanted:
            stale.unlink()
            print(f"removed {stale.name}")
    for file, (name, language) in wanted.items():
        path, drawn = FOLDER / file, PICTURES[name].draw(language)
        if path.exists():
            with Image.open(path) as before:
                if differing_pixels(before, drawn) == 0:
                    continue
        drawn.save(path, optimize=True)
        print(f"drew {file}")


if __name__ == "__main__":
    main()
