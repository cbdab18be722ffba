# The camera's picture in the window and in the kiosk.

group-live = Camera

action-toggle-live = Live
    .tooltip = Outline the moving picture of a camera, or go back to the photograph
action-freeze-frame = Freeze
    .tooltip = Hold the picture still, or let it go on
action-keep-frame = Keep picture
    .tooltip = Save the picture as a photograph and add it to the list
action-choose-frame-folder = Folder for pictures…
    .tooltip = Choose where kept pictures are saved

live-canvas = Live picture
live-starting = Starting the camera…
live-keep-still = Keep still…
live-frozen = Frozen
live-taken = Picture taken
live-go-on = Continue
live-close = Close the live picture
live-leave = Leave live
live-no-picture = No live picture
live-try-again-hint = Open the camera again
live-kept = Picture saved: { $path }

live-source-button = Camera: { $name }
live-source-hint = Choose the camera
live-first-camera = First camera
live-no-cameras = No camera found
live-play-file = Play a file…
live-play-folder = Play a folder…
live-play-hint = Play a video or photographs in place of a camera
live-play-file-title = Play a file in place of a camera
live-play-folder-title = Play a folder in place of a camera
live-folder-title = Folder for pictures
live-folder-button = Folder for pictures: { $name }
live-smoothing = Smooth outline
live-smoothing-hint = Steady the outline from frame to frame; when off, each frame is outlined on its own
live-shutter = Automatic shutter
live-shutter-hint = Freeze the picture by itself once it has been good for half a second
live-figures = { $engine }   ·   { $rate } frames/s   ·   { $latency } ms to the screen   ·   { $dropped } dropped
live-figures-hint = Frames outlined each second, the time from a frame's arrival to the screen, and frames left out because a newer one was there
live-slow = Running slowly

kiosk-live = Live camera
kiosk-live-begun = Lesion outlined live
kiosk-live-running = Lesion outlined live, { $rate } pictures a second
kiosk-live-looking = Hold the dermatoscope against the skin
kiosk-live-still = This picture is not saved. It is cleared when you continue or leave.
kiosk-live-unsaved = Pictures are not saved
kiosk-live-stop = End live
kiosk-live-starting = Starting the camera…
kiosk-live-no-picture = The camera gives no picture
kiosk-live-failed = The network could not run on this picture
kiosk-live-ends-in = The live picture ends in { $seconds } s.
