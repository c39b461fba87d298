import pytest

from heroes.data import rules
from heroes.data.rules import Arrival, Ref, Seen, StageItem
from heroes.kit.errors import Invalid

SUM = "a" * 64
OTHER = "b" * 64


@pytest.mark.parametrize(
    ("text", "bucket", "path"),
    [
        ("home:wing/a.dat", "home", "wing/a.dat"),
        ("home:", "home", ""),
        ("cfd:/a//b/", "cfd", "a/b"),
        ("cfd:a:b", "cfd", "a:b"),
        ("cfd: $(reboot)\n'\"", "cfd", " $(reboot)\n'\""),
    ],
)
def test_a_reference_names_a_bucket_and_a_path(text: str, bucket: str, path: str) -> None:
    assert Ref.parse(text) == Ref(bucket, path)


@pytest.mark.parametrize("text", ["", "a.dat", ":a", "a/b:c", "home:../x", "home:a/./b", "home:a\0b", "home:\udcff"])
def test_an_unfit_reference_is_refused_with_a_pointer(text: str) -> None:
    with pytest.raises(Invalid) as caught:
        Ref.parse(text, pointer="/parameters/airfoil")
    assert caught.value.facts["problems"][0]["pointer"] == "/parameters/airfoil"


def test_names_up_to_255_bytes_and_paths_up_to_1024_bytes_are_kept() -> None:
    longest = "ä" * 127 + "x"
    assert rules.normalise(longest) == longest
    with pytest.raises(Invalid):
        rules.normalise("ä" * 128)
    assert len(rules.normalise("/".join(["x" * 255] * 4))) == 1023
    with pytest.raises(Invalid):
        rules.normalise("/".join(["x" * 255] * 5))


@pytest.mark.parametrize("name", ["home", "", "a/b", "a:b", "-x", "x" * 129, "a b"])
def test_a_bucket_needs_a_plain_name(name: str) -> None:
    with pytest.raises(Invalid):
        rules.bucket_name(name)


@pytest.mark.parametrize("prefix", ["wing/", "a", "\ud7ff", "a\U0010ffff", "é"])
def test_a_prefix_is_a_range_that_holds_exactly_what_starts_with_it(prefix: str) -> None:
    low, high = rules.starting_with(prefix)
    for text in (prefix, prefix + "x", prefix + "\U0010ffff"):
        assert low <= text
        assert high is None or text < high
    assert high is None or not high.startswith(prefix)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, None),
        ("bytes=0-0", (0, 0)),
        ("bytes=2-", (2, 9)),
        ("bytes=-3", (7, 9)),
        ("bytes=-30", (0, 9)),
        ("bytes=5-99", (5, 9)),
        ("bytes=5-2", None),
        ("bytes=0-1,4-5", None),
        ("lines=1-2", None),
    ],
)
def test_a_range_of_ten_bytes(header: str | None, expected: tuple[int, int] | None) -> None:
    assert rules.byte_range(header, 10) == expected


@pytest.mark.parametrize(("header", "size"), [("bytes=10-", 10), ("bytes=-0", 10), ("bytes=0-", 0)])
def test_a_range_behind_the_end_is_unsatisfiable(header: str, size: int) -> None:
    with pytest.raises(rules.Unsatisfiable):
        rules.byte_range(header, size)


@pytest.mark.parametrize(
    ("item", "seen", "sent"),
    [
        pytest.param(StageItem("a", size=3, sha256=SUM), None, True, id="what is not there is sent"),
        pytest.param(
            StageItem("a", size=3, sha256=SUM), Seen("file", 3, 0o644, sha256=SUM), False, id="identical is not"
        ),
        pytest.param(StageItem("a", size=3, sha256=SUM), Seen("file", 3, 0o644, sha256=OTHER), True, id="other bytes"),
        pytest.param(StageItem("a", size=3, sha256=SUM), Seen("file", 3, 0o644), True, id="no sum, no proof"),
        pytest.param(StageItem("a", size=3, sha256=SUM), Seen("link", 3, 0o777, sha256=SUM), True, id="a link"),
        pytest.param(StageItem("a", "link", target="b"), Seen("link", 1, 0o777, "b"), False, id="the same link"),
        pytest.param(StageItem("a", "link", target="b"), Seen("link", 1, 0o777, "c"), True, id="a link to elsewhere"),
        pytest.param(StageItem("a", "dir"), Seen("dir", 0, 0o755), False, id="a folder that is there"),
    ],
)
def test_only_what_is_missing_or_different_is_sent(item: StageItem, seen: Seen | None, sent: bool) -> None:
    assert bool(rules.missing([item], {"a": seen} if seen else {})) is sent


@pytest.mark.parametrize(
    ("item", "seen", "expected"),
    [
        pytest.param(StageItem("a", size=3), None, Arrival.LATE, id="a name not yet listed"),
        pytest.param(StageItem("a", size=3), Seen("file", 2, 0o644), Arrival.LATE, id="a size not yet whole"),
        pytest.param(StageItem("a", size=3), Seen("file", 3, 0o644), Arrival.READY, id="there"),
        pytest.param(StageItem("a", size=3), Seen("file", 4, 0o644), Arrival.WRONG, id="grew after the end"),
        pytest.param(StageItem("a", size=3), Seen("other", 0, 0o644), Arrival.WRONG, id="a pipe instead of a file"),
        pytest.param(StageItem("a", "link", target="x"), Seen("link", 1, 0o777, "x"), Arrival.READY, id="a link"),
        pytest.param(StageItem("a", "dir"), Seen("dir", 0, 0o755), Arrival.READY, id="an empty folder"),
    ],
)
def test_an_output_that_the_file_server_shows_late_is_not_lost(
    item: StageItem, seen: Seen | None, expected: Arrival
) -> None:
    assert rules.arrival(item, seen) is expected


@pytest.mark.parametrize(
    "items",
    [
        [StageItem("/etc/passwd")],
        [StageItem("../x")],
        [StageItem("a/../../x")],
        [StageItem("a\0b")],
        [StageItem("a"), StageItem("a")],
        [StageItem("out", "link", target="/home/other"), StageItem("out/x")],
        [StageItem("out"), StageItem("out/deep/x")],
    ],
)
def test_nothing_is_staged_outside_the_folder(items: list[StageItem]) -> None:
    with pytest.raises(Invalid):
        rules.check_items(items)


def test_many_small_files_travel_together_and_few_or_large_ones_alone() -> None:
    few = [StageItem(str(n), size=10) for n in range(50)]
    assert rules.packs(few) == ([], few)
    many = [StageItem(str(n), size=64 * 1024) for n in range(100)]
    large = StageItem("large", size=64 * 1024 + 1)
    together, alone = rules.packs([*many, large])
    assert alone == [large]
    assert [item for pack in together for item in pack] == many
    assert max(sum(item.size for item in pack) for pack in together) <= rules.PACK_BYTES


def test_names_with_newlines_and_backslashes_are_read_back_from_the_sums() -> None:
    output = f"{SUM}  plain name\n\\{OTHER}  new\\nline\\\\back\n{SUM}  $(x)'\"\n"
    assert rules.parse_sums(output) == {"plain name": SUM, "new\nline\\back": OTHER, "$(x)'\"": SUM}


def test_stat_is_read_with_any_name() -> None:
    output = "81ed 12 a b\n c\x0041ed 4096 d\x00a1ff 3 l\x00"
    assert rules.parse_stat(output) == {
        "a b\n c": Seen("file", 12, 0o755),
        "d": Seen("dir", 4096, 0o755),
        "l": Seen("link", 3, 0o777),
    }


def test_a_name_that_is_not_unicode_is_stored_readably() -> None:
    assert rules.storable("a\udcff") == "a\\xff"
    assert rules.storable("größe") == "größe"


def test_overlapping_paths() -> None:
    assert rules.overlap("a", "a/b")
    assert rules.overlap("a/b", "a")
    assert not rules.overlap("a", "ab")
