# Notices, and what the desktop's file dialogs say.

saved = Saved { $path }
nothing-to-save = There is no result to save yet
reference-never-overwritten = A reference mask is never overwritten; choose another name: { $path }
photo-never-overwritten = A photograph is never overwritten; choose another name: { $path }
photo-before-reference = Open a photograph first; the mask is laid over it
error-view-needs-reference = The error view needs a reference mask: choose one with { $key }, or drop NAME_segmentation.png
no-file-dialog = No file dialog could be shown (it needs the desktop's file portal, or zenity). Drop files on the window, or name them on the command line: dermaloupe PATH
crashed = the program made a fault of its own on this photograph; please report it, and go on with the next
folder-without-photos = No photographs in this folder: { $path }
folder-unreadable = Cannot read the folder ({ $reason }): { $path }
settings-not-remembered = Settings are not remembered: { $reason }
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
records-crashed = Something went wrong inside the program while it read or wrote records; please report it. What was decided last may not be saved: try again.
file-crashed = Something went wrong inside the program while it wrote the file; please report it. Nothing was written.
picture-crashed = Something went wrong inside the program while it prepared a picture; please report it.
disk-too-slow = The disk does not keep up, so the last change was not saved. Wait a moment, then do it again.
