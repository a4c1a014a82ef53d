"""Pictures from files: turned, scaled, foreign, huge, and 2,000 of them damaged."""

import io
import struct
import subprocess
import sys
import warnings
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from inkling.data import DataError
from inkling.data.picture_file import LONGEST_SIDE, read_picture
from inkling.tools.cli import main

CASES = Path(__file__).parents[1] / "cases"
R = np.asarray(Image.open(CASES / "R.png"))


def saved(path, picture, **options):
    if isinstance(picture, np.ndarray):
        picture = Image.fromarray(picture)
    picture.save(path, **options)
    return path


def answer(capsys, path):
    """What `predict` says of a file: (exit code, the first label, what is on the error output)."""
    code = main(["predict", str(path), "--top", "1"])
    out, err = capsys.readouterr()
    return code, out[:1], err


@pytest.mark.parametrize("name", ["R.png", "R-exif3.jpg", "R-exif6.jpg", "R-16bit.png"])
def test_the_case_is_read(capsys, name):
    assert answer(capsys, CASES / name) == (0, "R", "")


@pytest.mark.parametrize("name", ["R-broken.png", "R-huge.png"])
def test_the_case_is_refused_in_one_line(capsys, name):
    code, label, err = answer(capsys, CASES / name)
    assert (code, label) == (1, "") and err.startswith(f"predict: {CASES / name}: ") and err.count("\n") == 1
    assert "Traceback" not in err and ("damaged" in err or "67,108,864" in err)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["png", "jpg", "webp", "tiff"])
def test_every_orientation_is_turned_upright(tmp_path, orientation, kind):
    """Against Exif's own words: which side of what is stored is the top, and which the left, of what is seen."""
    stored = np.full((48, 32), 255, np.uint8)
    stored[:16, :16], stored[:16, 16:] = 0, 80  # what is stored at the top: left black, right dark
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = saved(tmp_path / f"a.{kind}", stored, exif=exif, quality=95)
    top, left = {1: "TL", 2: "TR", 3: "BR", 4: "BL", 5: "LT", 6: "RT", 7: "RB", 8: "LB"}[orientation]
    # Row 0 of what is stored is the side `top` names, column 0 the side `left` names, of what is seen.
    sides = {"T": lambda a: a[0], "B": lambda a: a[-1], "L": lambda a: a[:, 0], "R": lambda a: a[:, -1]}
    seen = read_picture(path)
    seen = seen[..., 0] if seen.ndim == 3 else seen
    assert seen.shape == ((48, 32) if orientation < 5 else (32, 48))
    assert sides[top](seen).max() < 128 and sides[left](seen).min() < 20
    assert np.median(seen) > 240


GREYS = {
    "12 of 16 bits": (lambda x: (x / 255 * 4095).astype(np.uint16), "tiff"),
    "16 bits": (lambda x: (x / 255 * 65535).astype(np.uint16), "tiff"),
    "16 bits, PNG": (lambda x: (x / 255 * 65535).astype(np.uint16), "png"),
    "8 bits in 32": (lambda x: x.astype(np.int32), "tiff"),
    "24 bits in 32": (lambda x: (x / 255 * (2**24 - 1)).astype(np.int32), "tiff"),
    "31 bits": (lambda x: (x / 255 * (2**31 - 1)).astype(np.int32), "tiff"),
    "below 0": (lambda x: x.astype(np.int32) - 128, "tiff"),
    "fractions": (lambda x: (x / 255).astype(np.float32), "tiff"),
    "floats to 255": (lambda x: x.astype(np.float32), "tiff"),
    "floats of -1 to 1": (lambda x: (x / 127.5 - 1).astype(np.float32), "tiff"),
    "fractions that overshoot": (lambda x: (x / 245 - 0.02).astype(np.float32), "tiff"),
    "two levels in 32 bits": (lambda x: (x > 128).astype(np.int32), "tiff"),
    "floats beyond": (lambda x: (x * 1e6).astype(np.float32), "tiff"),
}


@pytest.mark.parametrize("of, kind", GREYS.values(), ids=GREYS)
def test_greys_of_more_than_8_bits_are_scaled_not_clipped(capsys, tmp_path, of, kind):
    path = saved(tmp_path / f"a.{kind}", of(R))
    seen = read_picture(path)
    assert seen.dtype == np.uint8 and seen.shape == R.shape
    # In proportion: a straight line between what was stored and what is seen, within a level.
    line = np.polyfit(R.ravel().astype(float), seen.ravel().astype(float), 1)
    assert np.abs(np.polyval(line, R.astype(float)) - seen).max() <= 1 and line[0] > 0.45
    assert answer(capsys, path) == (0, "R", "")


def test_blank_paper_of_16_bits_is_no_ink(capsys, tmp_path):
    """What is scaled is the range of the numbers, not the grain of the paper."""
    for level in (200, 4_000, 60_000):
        grain = np.random.default_rng(0).integers(level - 9, level + 9, (40, 40)).astype(np.uint16)
        assert answer(capsys, saved(tmp_path / "a.tiff", grain)) == (0, "n", "")  # "no ink"


def test_greys_that_are_no_numbers_are_refused(tmp_path):
    for wrong in (np.nan, np.inf):
        grey = R.astype(np.float32)
        grey[3, 3] = wrong
        with pytest.raises(DataError, match="infinite or no numbers"):
            read_picture(saved(tmp_path / "a.tiff", grey))


MODES = {
    "1": "png", "L": "png", "LA": "png", "P": "png", "RGB": "png", "RGBA": "png", "CMYK": "tiff",
    "YCbCr": "jpg", "LAB": "tiff", "gif": "gif", "bmp": "bmp", "webp": "webp", "avif": "avif", "ppm": "ppm", "jp2": "jp2",
    "ico": "ico",
}  # fmt: skip


@pytest.mark.parametrize("mode, kind", MODES.items(), ids=MODES)
def test_every_kind_of_pixel_and_file_is_read(capsys, tmp_path, mode, kind):
    picture = Image.fromarray(R).resize((200, 200))
    if mode == "LAB":
        neutral = Image.new("L", picture.size, 128)
        picture = Image.merge("LAB", [picture, neutral, neutral])
    else:
        picture = picture.convert("RGB" if mode == kind else mode)
    assert answer(capsys, saved(tmp_path / f"a.{kind}", picture)) == (0, "R", "")


def test_ink_on_nothing_is_seen_as_ink(capsys, tmp_path):
    """Transparent paper, by alpha and by a colour of a palette that is declared transparent."""
    alpha = np.dstack([np.zeros((*R.shape, 3), np.uint8), 255 - R])
    assert answer(capsys, saved(tmp_path / "a.png", alpha)) == (0, "R", "")
    palette = Image.fromarray((R < 128).astype(np.uint8), "L").convert("P")
    palette.putpalette([0, 0, 0, 0, 0, 0])
    assert answer(capsys, saved(tmp_path / "b.png", palette, transparency=0)) == (0, "R", "")


def test_the_first_of_several_frames(capsys, tmp_path):
    frames = [Image.fromarray(R), Image.new("L", (400, 400), 255)]
    for kind in ("gif", "webp", "tiff", "png"):
        path = tmp_path / f"a.{kind}"
        frames[0].save(path, save_all=True, append_images=frames[1:])
        assert answer(capsys, path) == (0, "R", "")


@pytest.mark.parametrize("kind", ["png", "jpg"])
def test_large_pictures_are_made_smaller(capsys, tmp_path, kind):
    """A letter on a scan of 12 million pixels, also as wide as it may be."""
    path = saved(tmp_path / f"a.{kind}", Image.fromarray(R).resize((4100, 3000)))
    seen = read_picture(path)
    assert max(seen.shape) <= LONGEST_SIDE and min(seen.shape) >= LONGEST_SIDE // 4
    assert answer(capsys, path) == (0, "R", "")


def png(width, height, data=b""):
    """A PNG of 8-bit grey that claims to be so large."""
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(data)),
        (b"IEND", b""),
    )
    body = (struct.pack(">I", len(b)) + a + b + struct.pack(">I", zlib.crc32(a + b)) for a, b in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(body)


def test_a_huge_picture_is_refused_before_memory_is_taken(tmp_path):
    """Three that would take 1 to 16 GB, in a process that may not have half of one."""
    for place, (width, height) in enumerate([(8193, 8192), (20_000, 12_000), (2**16, 2**18)]):
        (tmp_path / f"{place}.png").write_bytes(png(width, height))
    script = (
        "import resource, sys; from inkling.data.picture_file import read_picture\n"
        "import PIL.Image, PIL.PngImagePlugin; PIL.Image.preinit()\n"
        "used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "for path in sys.argv[1:]:\n"
        "    try: read_picture(path)\n"
        "    except ValueError as error: print(error)\n"
        "assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - used < 40_000, 'kB'\n"
    )
    paths = [*sorted(map(str, tmp_path.iterdir())), str(CASES / "R-huge.png")]
    done = subprocess.run(
        [sys.executable, "-c", script, *paths], capture_output=True, text=True, env=environment(), check=False
    )
    assert done.returncode == 0 and done.stderr == "", done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) == 4 and all("67,108,864" in line and line.startswith(path) for line, path in zip(lines, paths))
    assert "8,193 x 8,192 pixels" in lines[0]


def environment():
    import inkling

    return {"PYTHONPATH": str(Path(inkling.__file__).parents[1]), "OPENBLAS_NUM_THREADS": "1"}


FOREIGN = {
    "nothing": (b"", "an empty file"),
    "spaces": (b" \n\n", "an empty file"),
    "text": (b"hello", "not a picture"),
    "a PDF": (b"%PDF-1.7\n", "a PDF"),
    "an SVG": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "an SVG drawing"),
    "PostScript": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "PostScript"),
    "HEIC": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC or a film"),
    "samples": (b"PK\x03\x04", "a zip archive or an .npz"),
    "a pickle": (b"\x80\x04\x95", "not a picture"),
}


@pytest.mark.parametrize("content, what", FOREIGN.values(), ids=FOREIGN)
def test_foreign_files_are_named(capsys, tmp_path, content, what):
    path = tmp_path / "picture.png"
    path.write_bytes(content)
    code, _, err = answer(capsys, path)
    assert code == 1 and err.startswith(f"predict: {path}: {what}; pictures are PNG, JPEG") and err.count("\n") == 1


def test_a_pillow_without_some_formats_reads_the_others(capsys, monkeypatch, tmp_path):
    for missing in ("PNG", "AVIF"):
        monkeypatch.delitem(Image.OPEN, missing)
    assert answer(capsys, CASES / "R-exif3.jpg") == (0, "R", "")
    assert answer(capsys, saved(tmp_path / "a.ppm", R)) == (0, "R", "")
    assert "not a picture" in answer(capsys, CASES / "R.png")[2]


def test_without_pillow_it_says_what_to_install(capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "PIL", None)
    code, _, err = answer(capsys, CASES / "R.png")
    assert code == 1 and "pip install 'inkling[pictures]'" in err and err.count("\n") == 1


def bases():
    """Small pictures of every format, with all that makes a reader's life hard: palettes, interlacing, EXIF, strips."""
    grey = Image.fromarray(R).resize((40, 40))
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "a letter"
    for kind, variants in {
        "PNG": [(grey, {}), (grey.convert("P"), {"transparency": 0}), (grey.convert("RGBA"), {"exif": exif}),
                (Image.fromarray(np.asarray(grey).astype(np.uint16) * 257), {})],
        "JPEG": [(grey, {"exif": exif}), (grey.convert("RGB"), {"progressive": True}), (grey.convert("CMYK"), {}),
                 (grey.convert("RGB"), {"restart_marker_rows": 1})],
        "WEBP": [(grey.convert("RGB"), {}), (grey.convert("RGBA"), {"lossless": True, "exif": exif}),
                 (grey.convert("RGB"), {"save_all": True, "append_images": [grey.convert("RGB").rotate(9)]})],
        "GIF": [(grey, {}), (grey.convert("P"), {"transparency": 1}),
                (grey, {"save_all": True, "append_images": [grey.rotate(9)]})],
        "TIFF": [(grey, {}), (grey, {"compression": "tiff_lzw"}), (grey.convert("RGB"), {"compression": "jpeg"}),
                 (grey, {"compression": "tiff_adobe_deflate"}), (grey.convert("1"), {"compression": "group4"}),
                 (Image.fromarray(np.asarray(grey).astype(np.float32)), {"exif": exif})],
    }.items():  # fmt: skip
        packed = []
        for picture, options in variants:
            file = io.BytesIO()
            picture.save(file, kind, **options)
            packed.append(file.getvalue())
        yield kind, packed


@pytest.mark.parametrize("kind, packed", list(bases()), ids=[kind for kind, _ in bases()])
def test_damaged_pictures_are_read_or_refused_in_one_line(tmp_path, capfd, reader, kind, packed):
    """400 of each format: cut short anywhere, or with one to eight bytes changed, most of them in the headers."""
    rng = np.random.default_rng([7, *kind.encode()])
    path = tmp_path / f"picture.{kind.lower()}"
    read = 0
    for turn in range(400):
        content = bytearray(packed[turn % len(packed)])
        if turn % 4 == 0:
            del content[int(rng.integers(0, len(content))) :]
        else:
            reach = len(content) if turn % 4 == 1 else min(len(content), 160)
            for place in rng.integers(0, reach, int(rng.integers(1, 9))):
                content[place] ^= int(rng.integers(1, 256))
        path.write_bytes(content)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            try:
                pixels = read_picture(path)
                reader.prepare_image(pixels)
            except DataError as error:
                message = str(error)
                assert message.startswith(f"{path}: ") and "\n" not in message and len(message) < len(str(path)) + 160
                continue
        read += 1
        assert pixels.dtype == np.uint8 and max(pixels.shape) <= LONGEST_SIDE and pixels.ndim in (2, 3)
    # Some damage is harmless, most is not: neither side may be empty.
    assert 0 < read < 400
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1), (2, 2), (2, 20_000), (20_000, 3), (5_000, 4_000)])
@pytest.mark.parametrize("level", [0, 255])
@pytest.mark.filterwarnings("error")
def test_pictures_of_odd_shapes_are_read(tmp_path, reader, size, level):
    """Blank, and with one pixel of ink."""
    picture = Image.new("L", size, level)
    assert reader.read_image(read_picture(saved(tmp_path / "a.png", picture))) == []
    picture.paste(255 - level, (0, 0, max(1, size[0] // 9), max(1, size[1] // 9)))
    pixels = read_picture(saved(tmp_path / "a.png", picture))
    assert max(pixels.shape) <= LONGEST_SIDE and isinstance(reader.read_image(pixels), list)
