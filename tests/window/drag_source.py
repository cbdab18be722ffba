#!/usr/bin/python3
"""A small GTK window from which a file can be dragged, as from a file manager: the other end of a real drop.

Usage: drag_source.py FILE X Y     (needs Debian's python3-gi and gir1.2-gtk-3.0)
"""

import pathlib
import sys

import gi

gi.require_version("Gdk", "3.0")
gi.require_version("Gtk", "3.0")
from gi.repository import Gdk, Gtk  # noqa: E402


def main() -> None:
    path, x, y = pathlib.Path(sys.argv[1]).resolve(), int(sys.argv[2]), int(sys.argv[3])
    window = Gtk.Window(title="drag source", type=Gtk.WindowType.POPUP)
    window.set_default_size(80, 40)
    box = Gtk.EventBox()
    box.add(Gtk.Label(label="drag me"))
    window.add(box)
    box.drag_source_set(Gdk.ModifierType.BUTTON1_MASK, [], Gdk.DragAction.COPY)
    box.drag_source_add_uri_targets()
    box.connect("drag-data-get", lambda _w, _c, data, _i, _t: data.set_uris([path.as_uri()]))
    box.connect("drag-end", lambda *_: Gtk.main_quit())
    window.show_all()
    window.move(x, y)
    print("ready", flush=True)
    Gtk.main()


if __name__ == "__main__":
    main()
