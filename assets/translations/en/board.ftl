# The kiosk.

kiosk-invite = Put in a USB stick with dermoscopy photographs, or touch the screen to try the samples.
kiosk-no-diagnosis = No medical device, no diagnosis. Photographs stay in this machine's memory and are forgotten when you leave.
kiosk-next = Next
kiosk-show-heat = Show heat map
kiosk-hide-heat = Hide heat map
kiosk-compare = Compare (hold)
kiosk-outlined = Lesion outlined in { $time } { $engine }
kiosk-on-npu = on the NPU
kiosk-on-ort = by ONNX Runtime
kiosk-on-rten = by the built-in engine
kiosk-heat = How sure the network is: the brighter, the surer that it is lesion
kiosk-no-lesion = No lesion found on this photograph
kiosk-segmenting = Looking for the lesion…
kiosk-opening = Opening the photograph…
kiosk-file-failed = This photograph cannot be read
kiosk-network-failed = The network could not run on this photograph
kiosk-place = Photograph { $place } of { $count }
kiosk-sample = Sample, drawn by a computer
kiosk-copying = { $count ->
    [one] A photograph is still being copied. It appears by itself.
   *[other] { $count } photographs are still being copied. They appear by themselves.
}
kiosk-lost-in-copy = { $count ->
    [one] A photograph went away before it was copied whole. Please copy it again.
   *[other] { $count } photographs went away before they were copied whole. Please copy them again.
}
kiosk-taken-away = The photographs were taken away. They are forgotten here.
kiosk-folder-gone = The watched folder is gone. Its photographs appear again when it is back: { $folder }
kiosk-watch-fault = The program made a fault of its own while looking for new photographs. Please tell the staff.
kiosk-folder-unreadable = The watched folder cannot be read ({ $reason }). Please ask the staff: { $folder }
kiosk-folder-silent = The watched folder does not answer. The samples can be looked at meanwhile.
kiosk-passed-over = A photograph stopped the program. It was started again and passes that one over.
kiosk-settings-fault = Staff: { $reason }
kiosk-config = the kiosk's settings are not used ({ $reason }); correct the file and start the kiosk again: { $path }
kiosk-config-unreadable = it cannot be read: { $reason }
kiosk-config-too-long = it has { $bytes } bytes, and a page was expected
kiosk-config-unknown-key = line { $line }: there is no setting `{ $key }`; there are { $known }
kiosk-config-wrong = line { $line }: { $detail }
kiosk-config-bounds = { $key } is { $found }, { $least } to { $most } was expected
kiosk-config-folder = watch is { $folder }, a path that begins at the root, such as /media, was expected
kiosk-config-model = the model '{ $name }' of the kiosk's settings cannot be used; the recommended one is used instead
