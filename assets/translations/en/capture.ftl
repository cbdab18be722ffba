# Cameras: why there is no frame, and what to do while looking through one.

capture-no-device = no camera was found; plug one in
capture-not-found = there is no camera called { $wanted }; plug it in, or choose another one
capture-busy = another program is using the camera { $camera }; close it, and the picture comes by itself
capture-no-permission = you do not have permission to use the camera; join the group { $group } (sudo usermod -aG { $group } NAME) and log in again: { $path }
capture-unplugged = the camera { $camera } was unplugged; plug it in again, and the picture comes by itself
capture-frozen = the camera { $camera } has sent no picture for { $seconds } seconds; check its cable, or unplug it and plug it in again
capture-format-changed = the camera { $camera } changed its picture from { $from } to { $to }
capture-unread-format = the camera { $camera } sends no format that can be read (found { $formats }, expected MJPEG, YUYV or NV12); choose another camera
capture-damaged-frame = a damaged frame was skipped ({ $detail })
capture-unreadable = cannot play this as a camera ({ $reason }): { $path }
capture-unknown-file = cannot play this as a camera; expected a folder of photographs, a photograph, or a .mjpeg or .y4m file: { $path }
capture-y4m-colours = its colours are stored as { $found }, expected 420 with 8 bits; convert it with ffmpeg -pix_fmt yuv420p
capture-empty = there is no picture in it: { $path }
capture-no-cameras = this build cannot use cameras; build it on Linux with the feature 'camera', or play a file or folder
capture-driver = the camera { $camera } failed at { $call } ({ $reason }); unplug it and plug it in again
capture-crashed = reading the camera { $camera } failed unexpectedly; it will be tried again

live-more-light = More light
live-less-light = Less light
live-point-at-lesion = Point the camera at the lesion
live-whole-lesion = Show the whole lesion
live-come-closer = Come closer
live-hold-still = Hold still
live-focus = Let the camera focus
live-ready = Good

live-not-for-live = model '{ $model }' cannot outline live pictures: it works in tiles or looks for vessels; choose a model for lesions
live-no-thread = the live outline cannot start ({ $reason }); close other programs
live-crashed = outlining a frame failed unexpectedly; it will be tried again with the next one
live-keep-png = the frame could not be written as a PNG ({ $detail })
