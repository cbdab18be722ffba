"""Tests of the scripts' command line."""

from dermaloupe_recipe import command_line, zoo


def test_options_are_read_from_the_command_line():
    given = command_line.parse(zoo.Config, "", ["--only", "narrow,small", "--table-only", "--bench-runs", "5"])
    assert (given.only, given.table_only, given.bench_runs, given.split) == ("narrow,small", True, 5, "test")
    assert command_line.parse(zoo.Config, "", []) == zoo.Config()
