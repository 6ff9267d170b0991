import errno
import os
import struct
import subprocess
import sys
import zlib
from io import BytesIO
from pathlib import Path
from threading import Thread
from time import sleep

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import IntegrityError, models, transaction
from django.urls import reverse
from PIL import Image, ImageChops, ImageCms, ImageDraw, PngImagePlugin

from publishing.pictures import FOLDER, Facts, Picture, inspect, orphans, prepare, sweep
from tests import make

# Python forgets between tests what the module said about Pillow's warnings.
pytestmark = pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")

NOT_A_PICTURE = ["This file is not a picture that can be used here. Upload a JPEG, PNG, WebP or AVIF file."]
DAMAGED = ["This picture is damaged or incomplete. Open it in a picture program, save it anew and upload that file."]
NOT_STORED = ["The picture could not be stored, and nothing was saved. Try again, or tell the operator of the site."]
UNCHANGEABLE = ["The file of a picture does not change. Upload a new picture instead."]
TOO_MANY_PIXELS = ["This picture has more than 40 megapixels. Scale it down."]


def photograph(size=(300, 200), mode="RGB"):
    """Noise: more colours than a chart has."""
    return Image.merge(mode, [Image.effect_noise(size, 90) for _ in mode])


def encoded(image, format="JPEG", **options):
    out = BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def upload(data=None, name="photo.jpg"):
    return SimpleUploadedFile(name, encoded(photograph()) if data is None else data)


def opened(content):
    return Image.open(BytesIO(content.read() if hasattr(content, "read") else content))


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, rows=0):
    """A PNG whose header says width × height, with so many black rows."""
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    packed = zlib.compressobj(9)
    data = packed.compress(bytes((width + 7) // 8 + 1) * rows) + packed.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def animation(format, frames):
    images = [Image.new("RGB", (20, 10), (250, number * 97 % 256, number * 60 % 256)) for number in range(frames)]
    return encoded(images[0], format, save_all=True, append_images=images[1:])


def refusal(data, name="photo.jpg"):
    with pytest.raises(ValidationError) as refused:
        prepare(upload(data, name))
    return refused.value.messages


def stored_files():
    """Every file below the media folder, and its size."""
    storage = Picture._meta.get_field("file").storage
    return {path.name: path.stat().st_size for path in Path(storage.location).rglob("*") if path.is_file()}


def picture(data=None, **fields):
    return Picture.objects.create(**{"file": upload(data), "alt_en": "A hall", **fields})


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


# What is refused, before it is decoded


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "drawing.svg"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "drawing.png"),
        (b"<!DOCTYPE html><script>alert(1)</script>", "page.jpg"),
        (encoded(Image.new("P", (9, 9)), "GIF"), "old.gif"),
        (animation("GIF", 3), "moving.gif"),
        (encoded(Image.new("RGB", (9, 9)), "BMP"), "photo.jpg"),
        (encoded(Image.new("RGB", (9, 9)), "TIFF"), "photo.jpg"),
        (encoded(Image.new("RGB", (9, 9)), "ICO"), "photo.png"),
        (b"%PDF-1.7 ", "photo.jpg"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "photo.jpg"),
        (b"PK\x03\x04", "photo.jpg"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "photo.heic"),
        (b"\0" * 1000, "photo.jpg"),
        (b"x", "photo.jpg"),
    ],
)
def test_refuses_what_is_not_one_of_four_formats(data, name):
    assert refusal(data, name) == NOT_A_PICTURE


def test_refuses_more_than_twelve_megabytes():
    data = encoded(photograph())
    limit = 12 * 1024 * 1024
    assert inspect(upload(data + bytes(limit - len(data)))).format == "JPEG"
    assert refusal(data + bytes(limit + 1 - len(data))) == [
        "This file is larger than 12 megabytes. Scale the picture down, or save it as JPEG."
    ]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (png(12_000, 12_000, 12_000), TOO_MANY_PIXELS),  # 18 kB, and 144 megapixels when decoded
        (png(8000, 5001), TOO_MANY_PIXELS),
        (png(12_001, 1), ["This picture is longer than 12000 pixels on one side. Scale it down."]),
        (png(1, 12_001), ["This picture is longer than 12000 pixels on one side. Scale it down."]),
        (png(60_000, 60_000), TOO_MANY_PIXELS),  # Pillow itself refuses this one
        (png(2**31 - 1, 2**31 - 1), TOO_MANY_PIXELS),
    ],
    ids=["bomb", "pixels", "wide", "high", "huge", "absurd"],
)
def test_refuses_too_many_pixels_by_the_header(data, sentence, monkeypatch):
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", lambda image: pytest.fail("It was decoded."))
    assert len(data) < 20_000
    assert refusal(data) == sentence


def test_accepts_forty_megapixels():
    assert inspect(upload(png(8000, 5000))) == Facts("PNG", 8000, 5000, 1)


@pytest.mark.parametrize("format", ["WEBP", "AVIF", "PNG"])
def test_keeps_the_first_frame_of_a_short_animation(format):
    content, *_size = prepare(upload(animation(format, 50)))
    kept = opened(content)
    assert getattr(kept, "n_frames", 1) == 1
    red, green, blue = kept.convert("RGB").getpixel((5, 5))
    assert (red > 240, green < 10, blue < 10) == (True, True, True)


@pytest.mark.parametrize("format", ["WEBP", "AVIF", "PNG"])
def test_refuses_more_than_fifty_frames(format):
    assert refusal(animation(format, 51)) == ["This animation has more than 50 frames. Upload a still picture."]


@pytest.mark.parametrize(
    ("format", "size", "limit"),
    [("WEBP", (4400, 3400), 13), ("AVIF", (4400, 3400), 13)],
)
def test_refuses_by_the_header_what_would_take_more_memory_than_there_is(format, size, limit):
    assert refusal(encoded(Image.new("RGB", size), format)) == [
        f"In the format {format} a picture of this kind may have at most {limit} megapixels. "
        "Scale it down, or save it as a plain JPEG."
    ]


def test_counts_the_coefficients_of_a_progressive_file():
    image = Image.new("RGB", (7000, 5500))
    assert inspect(upload(encoded(image, subsampling=0))).width == 7000
    assert inspect(upload(encoded(image, progressive=True))).width == 7000
    assert refusal(encoded(image, progressive=True, subsampling=0)) == [
        "In the format JPEG a picture of this kind may have at most 29 megapixels. Scale it down, or save it as a plain JPEG."
    ]


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize("part", [0.3, 0.6, 0.95])
def test_refuses_a_truncated_file(format, part):
    data = encoded(photograph(), format)
    assert refusal(data[: int(len(data) * part)]) == DAMAGED


@pytest.mark.parametrize("format", ["PNG", "WEBP", "AVIF"])
def test_a_damaged_file_is_refused_or_read_but_never_an_error(format):
    data = bytearray(encoded(photograph((60, 40)), format))
    for position in range(0, len(data), max(1, len(data) // 150)):
        broken = bytes(data[:position]) + bytes([data[position] ^ 0xFF]) + bytes(data[position + 1 :])
        try:
            prepare(upload(broken))
        except ValidationError as refused:
            assert len(refused.messages) == 1


# What is kept


def test_reads_format_size_and_frames_from_the_header():
    found = [inspect(upload(encoded(photograph(), format))) for format in ["JPEG", "PNG", "WEBP", "AVIF"]]
    assert found == [Facts(format, 300, 200, 1) for format in ["JPEG", "PNG", "WEBP", "AVIF"]]
    assert inspect(upload(animation("WEBP", 3))) == Facts("WEBP", 20, 10, 3)


def test_the_content_says_the_format_and_not_the_name():
    assert inspect(upload(encoded(photograph(), "PNG"), "photo.jpg")).format == "PNG"


@pytest.mark.parametrize(
    ("image", "format", "kept"),
    [
        (photograph(), "JPEG", ("JPEG", "RGB")),
        (photograph(mode="RGB").convert("L"), "JPEG", ("JPEG", "L")),
        (photograph(mode="RGB").convert("CMYK"), "JPEG", ("JPEG", "RGB")),
        (photograph(), "WEBP", ("JPEG", "RGB")),
        (photograph(), "AVIF", ("JPEG", "RGB")),
        (photograph(), "PNG", ("JPEG", "RGB")),
        (photograph(mode="RGBA"), "PNG", ("WEBP", "RGBA")),
        (photograph(mode="RGBA"), "WEBP", ("WEBP", "RGBA")),
        (photograph(mode="RGBA"), "AVIF", ("WEBP", "RGBA")),
        (Image.new("RGBA", (30, 20), (9, 9, 9, 255)), "PNG", ("WEBP", "RGB")),
        (Image.new("RGB", (30, 20)), "PNG", ("WEBP", "RGB")),
        (Image.new("1", (30, 20)), "PNG", ("WEBP", "RGB")),
        (Image.new("P", (30, 20)), "PNG", ("WEBP", "RGB")),
        (Image.new("LA", (30, 20)), "PNG", ("WEBP", "RGBA")),
        (Image.new("I;16", (30, 20)), "PNG", ("WEBP", "RGB")),
    ],
)
def test_photographs_become_jpeg_and_the_rest_webp(image, format, kept):
    content, width, height = prepare(upload(encoded(image, format)))
    file = opened(content)
    assert (file.format, file.mode) == kept
    assert file.size == (width, height) == image.size
    assert Path(content.name).suffix == {"JPEG": ".jpg", "WEBP": ".webp"}[file.format]


def test_a_telephones_file_of_several_pictures_is_a_jpeg():
    data = encoded(photograph((3000, 2000)), "MPO", save_all=True, append_images=[photograph((3000, 2000))])
    assert inspect(upload(data)) == Facts("JPEG", 3000, 2000, 2)
    content, *size = prepare(upload(data))
    assert (opened(content).format, size) == ("JPEG", [2560, 1707])


def test_a_photograph_is_progressive():
    assert opened(prepare(upload())[0]).info["progressive"]


def test_a_chart_loses_nothing():
    chart = Image.new("RGBA", (200, 100), (0, 0, 0, 0))
    ImageDraw.Draw(chart).ellipse((20, 20, 80, 80), fill=(200, 30, 30, 255), outline=(0, 0, 90, 128))
    kept = opened(prepare(upload(encoded(chart, "PNG")))[0])
    assert kept.tobytes() == chart.tobytes()


def test_sixteen_bits_of_grey_keep_their_brightness():
    kept = opened(prepare(upload(encoded(Image.new("I;16", (30, 20), 0x8000), "PNG")))[0])
    assert kept.getpixel((5, 5)) == (128, 128, 128)


@pytest.mark.parametrize(
    ("size", "kept"),
    [
        ((2560, 1000), (2560, 1000)),
        ((2561, 1000), (2560, 1000)),
        ((5200, 2600), (2560, 1280)),
        ((1000, 8000), (320, 2560)),
        ((12_000, 10), (2560, 2)),
        ((12_000, 1), (2560, 1)),
        ((1, 1), (1, 1)),
    ],
)
@pytest.mark.parametrize("format", ["JPEG", "PNG"])
def test_is_at_most_2560_pixels_on_the_long_side(size, kept, format):
    content, width, height = prepare(upload(encoded(Image.new("RGB", size, (9, 90, 200)), format)))
    assert opened(content).size == (width, height) == kept


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "P"])
def test_scaling_down_keeps_the_picture(mode):
    large = Image.linear_gradient("L").resize((5300, 3100))
    large = Image.merge(mode, [large] * len(mode)) if mode != "P" else large.convert("P")
    kept = opened(prepare(upload(encoded(large, "PNG")))[0]).convert("L")
    expected = Image.linear_gradient("L").resize(kept.size)
    if mode == "RGBA":  # what is transparent has no colour
        kept, expected = (image.crop((0, 300, *image.size)) for image in (kept, expected))
    difference = ImageChops.difference(kept, expected).resize((50, 40), Image.Resampling.BOX)
    assert difference.getextrema()[1] <= 2


def test_hidden_colours_do_not_bleed_into_transparent_edges():
    image = Image.new("RGBA", (6000, 3000), (255, 0, 0, 0))
    image.paste((0, 0, 255, 255), (0, 0, 3001, 3000))
    kept = opened(prepare(upload(encoded(image, "PNG")))[0])
    assert {pixel[0] > 10 for pixel in kept.get_flattened_data() if pixel[3] > 10} == {False}


def camera(orientation, format="JPEG"):
    """A photograph as a telephone makes it: red at the upper left as it lies in the file, with a place and an author."""
    image = photograph((300, 200))
    image.paste((255, 0, 0), (0, 0, 60, 40))
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x8298] = orientation, "Telephone", "Somebody"
    exif.get_ifd(0x8825).update({1: "N", 2: (40.0, 10.0, 30.0), 3: "E", 4: (44.0, 30.0, 15.0)})
    return encoded(image, format, exif=exif)


@pytest.mark.parametrize(
    ("orientation", "red"),
    [
        (1, (0, 0)), (2, (1, 0)), (3, (1, 1)), (4, (0, 1)), (5, (0, 0)), (6, (1, 0)), (7, (1, 1)), (8, (0, 1)), (9, (0, 0)),
    ],
)  # fmt: skip
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_stands_upright_as_the_camera_said(format, orientation, red):
    content, width, height = prepare(upload(camera(orientation, format)))
    kept = opened(content).convert("RGB")
    assert kept.size == (width, height) == ((200, 300) if orientation in {5, 6, 7, 8} else (300, 200))
    r, g, b = kept.getpixel((red[0] * (width - 21) + 10, red[1] * (height - 21) + 10))
    assert (r > 200, g < 60, b < 60) == (True, True, True)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_tells_nobody_where_and_by_whom_it_was_taken(format):
    data = camera(1, format)
    assert b"Somebody" in data
    content, *_size = prepare(upload(data))
    assert b"Somebody" not in content.read()
    content.seek(0)
    kept = opened(content)
    assert (dict(kept.getexif()), {"exif", "xmp", "comment", "icc_profile"} & kept.info.keys()) == ({}, set())


def test_keeps_no_comment_and_no_text():
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "<script>alert(1)</script>")
    for data in [
        encoded(photograph(), comment=b"<script>alert(1)</script>"),
        encoded(photograph(), "PNG", pnginfo=notes),
        encoded(photograph(), "WEBP", xmp=b"<script>alert(1)</script>"),
        encoded(photograph(), "PNG") + b"<script>alert(1)</script>",
        encoded(photograph()) + b"<?php echo 1 ?><script>alert(1)</script>",
        b"\xff\xd8\xff\xfe\x00\x1b<script>alert(1)</script>"[:29] + encoded(photograph())[2:],
    ]:
        assert b"<script>" in data
        assert b"<script>" not in prepare(upload(data))[0].read()


def profile(kind="sRGB"):
    return ImageCms.ImageCmsProfile(ImageCms.createProfile(kind)).tobytes()


@pytest.mark.parametrize(("format", "mode"), [("JPEG", "RGB"), ("PNG", "RGBA"), ("WEBP", "RGB"), ("AVIF", "RGB")])
def test_a_colour_profile_is_applied_and_dropped(format, mode):
    """In a space whose red is sRGB's green, and the other way round, red is what a reader has to see as green."""
    swapped = profile().replace(b"rXYZ", b"----").replace(b"gXYZ", b"rXYZ").replace(b"----", b"gXYZ")
    image = Image.new(mode, (30, 20), (250, 10, 10, 200)[: len(mode)])
    content, *_size = prepare(upload(encoded(image, format, icc_profile=swapped)))
    kept = opened(content)
    red, green, blue, *_alpha = kept.getpixel((5, 5))
    assert (red < 30, green > 230, blue < 30) == (True, True, True)
    assert (kept.mode, "icc_profile" in kept.info) == (mode, False)


@pytest.mark.parametrize("useless", [b"nonsense", profile("LAB"), profile()[:200]])
def test_a_profile_that_cannot_be_applied_is_passed_over(useless):
    kept = opened(prepare(upload(encoded(Image.new("RGB", (30, 20), (250, 10, 10)), icc_profile=useless)))[0])
    red, green, blue = kept.getpixel((5, 5))
    assert (red > 240, green < 20, blue < 20, "icc_profile" in kept.info) == (True, True, True, False)


@pytest.mark.parametrize(
    "name",
    [
        "x" * 300 + ".jpg",
        "\u202egpj.exe",
        "../../etc/passwd",
        "a\\b.jpg",
        "Зал заседаний.JPG",
        ".htaccess",
        "photo.php",
        "x",
    ],
)
def test_the_name_is_random_whatever_the_upload_was_called(name):
    stem, extension = prepare(upload(name=name))[0].name.split(".")
    assert (len(stem), set(stem) <= set("0123456789abcdef"), extension) == (32, True, "jpg")
    assert prepare(upload(name=name))[0].name != f"{stem}.{extension}"


MEASURE = """
import sys, time, resource
import django; django.setup()
from django.core.files import File
from publishing.pictures import prepare
begun = time.process_time()
prepare(File(open(sys.argv[1], "rb")))
print(time.process_time() - begun, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


@pytest.mark.parametrize(
    ("format", "size", "mode", "options"),
    [
        ("JPEG", (7300, 5479), "RGB", {}),
        ("JPEG", (7300, 5479), "RGB", {"progressive": True}),
        ("JPEG", (5119, 5119), "RGB", {"progressive": True}),
        ("PNG", (7300, 5479), "RGBA", {"compress_level": 1}),
        ("PNG", (5119, 5119), "RGBA", {"compress_level": 1}),
        ("WEBP", (4032, 3024), "RGBA", {"method": 0, "quality": 20}),
        ("AVIF", (4032, 3024), "RGBA", {"speed": 10, "quality": 40}),
    ],
)
def test_the_largest_take_less_than_300_megabytes_and_two_seconds(format, size, mode, options, tmp_path):
    """In a process of its own, started by a small one: a process reports the memory of the one it came from as well."""
    coarse = photograph((size[0] // 16, size[1] // 16), mode)
    file = tmp_path / "large"
    file.write_bytes(encoded(coarse.resize(size, Image.Resampling.NEAREST), format, **options))
    measured = subprocess.run(
        ["/bin/sh", "-c", '"$0" -c "$1" "$2"; true', sys.executable, MEASURE, str(file)],
        cwd=Path(__file__).parents[2], env={**os.environ}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    seconds, megabytes = map(float, measured.stdout.split())
    assert megabytes < 300
    assert seconds < 4  # of one core, on a busy machine; 1.2 s at most on an idle one


def test_several_at_once_take_turns():
    """The memory limit is one of the process."""
    busy, most = [], []

    class Watched(ContentFile):
        def read(self, *args):
            busy.append(1)
            most.append(len(busy))
            sleep(0.02)  # longer than another needs to begin
            data = super().read(*args)
            busy.pop()
            return data

    threads = [Thread(target=prepare, args=[Watched(encoded(photograph()))]) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(most), max(most)) == (6, 1)


# Rows and files


@pytest.mark.django_db
def test_saving_keeps_the_prepared_picture_and_its_size():
    row = Picture.objects.get(pk=picture(camera(6)).pk)
    assert (row.width, row.height) == (200, 300)
    assert opened(row.file).size == (200, 300)
    assert stored_files() == {Path(row.file.name).name: row.file.size}
    assert row.file.name.startswith(FOLDER)


@pytest.mark.django_db
def test_every_way_into_the_database_prepares():
    saved = Picture(file=upload(camera(6)), alt_en="A hall")
    saved.save()
    Picture.objects.bulk_create([Picture(file=upload(camera(6)), alt_en="A hall")])
    assigned = Picture(alt_en="A hall")
    assigned.file.save("evil.svg", ContentFile(camera(6)))
    numbered = Picture(pk=9999, file=upload(camera(6)))
    numbered.save()
    assert list(Picture.objects.values_list("width", "height")) == [(200, 300)] * 4
    assert len(stored_files()) == 4
    assert not any(b"Somebody" in row.file.read() for row in Picture.objects.all())


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["pictures/evil.svg", "../../etc/passwd", "/etc/passwd", "pictures/../x.jpg", "x.jpg"])
def test_no_row_names_a_file_that_was_not_prepared(name):
    with pytest.raises(ValidationError) as refused:
        Picture(file=name, width=1, height=1).save()
    assert refused.value.messages == NOT_A_PICTURE
    assert Picture.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("new", [lambda: upload(), lambda: f"{FOLDER}{'0' * 32}.jpg", lambda: "", lambda: None])
def test_a_file_is_never_replaced(new):
    row = picture()
    before = (row.file.name, row.file.read(), stored_files())
    row.file = new()
    with pytest.raises(ValidationError) as refused:
        row.full_clean()
    assert refused.value.messages == UNCHANGEABLE
    with pytest.raises(ValidationError) as refused, transaction.atomic():
        row.save()
    assert refused.value.messages == UNCHANGEABLE
    with pytest.raises(ValidationError), transaction.atomic():
        Picture.objects.get().file.save("new.jpg", ContentFile(encoded(photograph())))
    with pytest.raises(TypeError):
        Picture.objects.update(file="x.jpg")
    with pytest.raises(TypeError), transaction.atomic():
        Picture.objects.bulk_update([row], ["file"])
    kept = Picture.objects.get()
    assert (kept.file.name, kept.file.read(), stored_files()) == before


@pytest.mark.django_db
def test_what_describes_it_can_be_changed(django_assert_num_queries):
    row = picture()
    before = stored_files()
    row = Picture.objects.get()
    row.focal_x, row.credit = 10, "Press service"
    row.full_clean()
    row.save()
    Picture.objects.filter(pk=row.pk).update(focal_y=90)
    kept = Picture.objects.get()
    assert (kept.focal_x, kept.focal_y, kept.credit, kept.width, stored_files()) == (
        10,
        90,
        "Press service",
        300,
        before,
    )


@pytest.mark.django_db
@pytest.mark.parametrize("data", [b"<svg/>", png(12_000, 12_000, 12_000), encoded(photograph())[:3000]])
def test_a_refused_picture_leaves_no_row_and_no_file(data):
    with pytest.raises(ValidationError):
        picture(data)
    assert (Picture.objects.count(), stored_files()) == (0, {})


@pytest.mark.django_db
def test_a_failed_row_leaves_no_file():
    picture()
    before = stored_files()
    with pytest.raises(IntegrityError), transaction.atomic():
        Picture(file=upload(), focal_x=101).save()
    with pytest.raises(IntegrityError), transaction.atomic():
        Picture.objects.bulk_create([Picture(file=upload()), Picture(file=upload(), focal_y=101)])
    assert (Picture.objects.count(), stored_files()) == (1, before)


@pytest.mark.django_db
def test_a_picture_whose_row_failed_can_be_saved_again():
    row = Picture(file=upload(), alt_en="A hall", focal_x=101)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
    row.focal_x = 50
    row.save()
    assert list(stored_files()) == [Path(Picture.objects.get().file.name).name]


@pytest.mark.django_db(transaction=True)
def test_a_failure_after_the_row_was_written_takes_row_and_file_back():
    def fail(**kwargs):
        raise RuntimeError

    models.signals.post_save.connect(fail, sender=Picture)
    try:
        with pytest.raises(RuntimeError):
            picture()
    finally:
        models.signals.post_save.disconnect(fail, sender=Picture)
    assert (Picture.objects.count(), stored_files()) == (0, {})


@pytest.fixture
def full_disk(monkeypatch):
    """As it was seen: the file is there, and empty."""

    def save(storage, name, content):
        path = Path(storage.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(FileSystemStorage, "_save", save)


@pytest.mark.django_db
def test_a_full_disk_is_a_sentence_and_leaves_nothing(full_disk):
    with pytest.raises(ValidationError) as refused:
        picture()
    assert refused.value.messages == NOT_STORED
    assert (Picture.objects.count(), stored_files()) == (0, {})


@pytest.mark.django_db(transaction=True)
def test_deleting_a_picture_deletes_its_file():
    first, second, third = picture(), picture(), picture()
    kept = Path(second.file.name).name
    first.delete()
    Picture.objects.filter(pk=third.pk).delete()
    assert list(stored_files()) == [kept]


@pytest.mark.django_db(transaction=True)
def test_a_deletion_that_is_taken_back_keeps_the_file():
    row = picture()
    before = stored_files()
    with pytest.raises(RuntimeError), transaction.atomic():
        row.delete()
        raise RuntimeError
    assert (Picture.objects.count(), stored_files()) == (1, before)


@pytest.mark.django_db(transaction=True)
def test_a_picture_in_use_is_not_deleted():
    row = picture()
    make.news(picture=row)
    before = stored_files()
    for delete in [row.delete, Picture.objects.all().delete]:
        with pytest.raises(models.ProtectedError):
            delete()
    assert (Picture.objects.count(), stored_files()) == (1, before)


def make_old(name):
    path = Path(Picture._meta.get_field("file").storage.path(name))
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"x")
    os.utime(path, (0, 0))


@pytest.mark.django_db(transaction=True)
def test_the_sweep_finds_what_a_rollback_further_out_left():
    kept = picture()
    make_old(kept.file.name)
    with pytest.raises(RuntimeError), transaction.atomic():
        left = picture().file.name
        raise RuntimeError
    assert orphans() == []  # a day may pass: its transaction could still be running
    make_old(left)
    assert orphans() == [left]
    assert sweep() == [left]
    assert (list(stored_files()), sweep()) == ([Path(kept.file.name).name], [])


@pytest.mark.django_db
def test_there_may_be_nothing_to_sweep():
    assert sweep() == []


@pytest.mark.django_db
def test_the_command_names_what_it_deletes(capsys):
    make_old(f"{FOLDER}a.jpg")
    make_old(f"{FOLDER}b.jpg")
    call_command("sweep_pictures", dry_run=True)
    assert capsys.readouterr().out == "pictures/a.jpg\npictures/b.jpg\n2 files would be deleted.\n"
    call_command("sweep_pictures")
    assert capsys.readouterr().out == "pictures/a.jpg\npictures/b.jpg\n2 files were deleted.\n"
    call_command("sweep_pictures")
    assert capsys.readouterr().out == "Every picture file belongs to a picture.\n"


# What an editor is told


class PictureForm(forms.ModelForm):
    class Meta:
        model = Picture
        fields = ["file", "focal_x", "focal_y", "alt_en", "alt_ru", "decorative", "credit"]


def form(data=None, instance=None, name="photo.jpg", **fields):
    files = {"file": upload(data, name)} if data != b"" else {}
    return PictureForm({"focal_x": 50, "focal_y": 50, "alt_en": "A hall", **fields}, files, instance=instance)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"<svg/>", NOT_A_PICTURE),
        (png(12_000, 12_000, 12_000), TOO_MANY_PIXELS),
        (encoded(photograph())[:3000], DAMAGED),
        (b"", ["This field is required."]),
    ],
    ids=["svg", "bomb", "truncated", "none"],
)
def test_a_form_says_at_the_file_what_is_wrong_with_it(data, sentence):
    assert form(data).errors == {"file": sentence}
    assert stored_files() == {}


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["x" * 300 + ".jpg", "\u202egpj.exe", "photo"])
def test_a_form_takes_a_picture_of_any_name_and_decodes_it_once(name, monkeypatch):
    page = form(name=name)
    assert page.errors == {}
    monkeypatch.setattr("publishing.pictures._open", lambda file: pytest.fail("It was opened twice."))
    assert (page.save().width, len(stored_files())) == (300, 1)


@pytest.mark.django_db
def test_a_form_refuses_another_file_for_a_picture():
    row = picture()
    assert form(instance=row).errors == {"file": UNCHANGEABLE}
    assert form(b"", instance=Picture.objects.get(), credit="Press service").errors == {}


def test_the_file_dialogue_offers_the_four_formats():
    assert 'accept="image/jpeg,image/png,image/webp,image/avif"' in str(PictureForm()["file"])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({}, {}),
        ({"alt_en": "", "decorative": True}, {}),
        (
            {"decorative": True},
            {"__all__": ["A decorative picture has no description: remove the one or the other."]},
        ),
        (
            {"alt_en": "", "alt_ru": "Зал", "decorative": True},
            {"__all__": ["A decorative picture has no description: remove the one or the other."]},
        ),
        ({"alt_en": " ", "alt_ru": "Зал"}, {"__all__": ["Describe the picture in English, or mark it as decorative."]}),
        ({"focal_x": 101}, {"focal_x": ["Ensure this value is less than or equal to 100."]}),
        ({"focal_y": -1}, {"focal_y": ["Ensure this value is greater than or equal to 0."]}),
    ],
)
def test_a_picture_is_described_or_decorative_and_its_focal_point_within(fields, errors):
    assert form(**fields).errors == errors


@pytest.mark.django_db
def test_is_called_by_its_description():
    assert str(picture(alt_en="A hall")) == "A hall"


@pytest.mark.django_db
def test_the_admin_says_what_is_wrong_with_a_file(client):
    client.force_login(make.superuser())
    fields = {"focal_x": 50, "focal_y": 50, "alt_en": "A hall", "file": upload(b"<svg/>")}
    answer = client.post(reverse("admin:publishing_picture_add"), fields)
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors["file"] == NOT_A_PICTURE
    assert (Picture.objects.count(), stored_files()) == (0, {})


@pytest.mark.django_db
def test_the_admin_says_that_the_disk_is_full(client, full_disk):
    client.force_login(make.superuser())
    fields = {"focal_x": 50, "focal_y": 50, "alt_en": "A hall", "file": upload()}
    answer = client.post(reverse("admin:publishing_picture_add"), fields)
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors["file"] == NOT_STORED
    assert (Picture.objects.count(), stored_files()) == (0, {})
