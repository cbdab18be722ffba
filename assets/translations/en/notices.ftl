# Notices, and the titles of the desktop's file dialogs.

saved = Saved { $path }
nothing-to-save = There is no result to save yet
reference-never-overwritten = A reference mask is never overwritten; choose another name: { $path }
photo-never-overwritten = A photograph is never overwritten; choose another name: { $path }
photo-before-reference = Open a photograph first, then its mask
error-view-needs-reference = The error view needs a reference mask: choose one with { $key }, or drop NAME_segmentation.png here
no-file-dialog = No file dialog could be shown (it needs the desktop's file portal, or zenity). Drop files on the window, or pass them on the command line: dermaloupe PATH
crashed = internal error with this photograph; please report it, and continue with the next
folder-without-photos = No photographs in this folder: { $path }
folder-unreadable = Cannot read the folder ({ $reason }): { $path }
settings-not-remembered = Settings cannot be saved: { $reason }
settings-unreadable = Settings could not be read ({ $reason }); the defaults are used: { $path }
settings-set-aside = Settings are damaged ({ $reason }); the defaults are used, and the file is kept as { $path }
settings-left = Settings are damaged ({ $reason }); the defaults are used, and the file could not be set aside ({ $why }): { $path }
photographs = Photographs
all-files = All files
pdf-documents = PDF
png-pictures = PNG
open-photos-title = Open photographs
open-folder-title = Open a folder of photographs
choose-reference-title = Choose a reference mask
records-crashed = Internal error while reading or writing records; please report it. The last decision may not be saved: try again.
file-crashed = Internal error while writing the file; please report it. Nothing was written.
picture-crashed = Internal error while preparing a picture; please report it.
disk-too-slow = The disk is too slow, so the last change was not saved. Wait a moment, then try again.
more-notices = { $count ->
        [one] One more notice
       *[other] { $count } more notices
    }
nothing-saved-yet = Nothing has been saved yet
no-file-manager = No file manager could be opened. The file is in { $path }
