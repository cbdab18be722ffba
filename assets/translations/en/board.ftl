# The kiosk.

kiosk-invite = Insert a USB stick with dermoscopy photographs, or touch the screen to try the samples.
kiosk-no-diagnosis = Not a medical device. Not a diagnosis. Photographs stay in this machine's memory and are cleared when you leave.
kiosk-next = Next
kiosk-show-heat = Show heat map
kiosk-hide-heat = Hide heat map
kiosk-hide-outline = Hide outline (hold)
kiosk-photo-only = Photo only (hold)
kiosk-outlined = Lesion outlined in { $time }
kiosk-outlined-on-npu = Lesion outlined in { $time } on the NPU
kiosk-bare = The photograph alone, without the outline
kiosk-heat = How sure the network is: brighter means more likely to be lesion
kiosk-no-lesion = No lesion found in this photograph
kiosk-segmenting = Looking for the lesion…
kiosk-opening = Opening the photograph…
kiosk-file-failed = This photograph cannot be read
kiosk-network-failed = The network could not run on this photograph
kiosk-place = Photograph { $place } of { $count }
kiosk-sample = Sample, drawn by a computer
kiosk-copying = { $count ->
    [one] A photograph is still being copied. It will appear automatically.
   *[other] { $count } photographs are still being copied. They will appear automatically.
}
kiosk-lost-in-copy = { $count ->
    [one] A photograph was removed before copying finished. Please copy it again.
   *[other] { $count } photographs were removed before copying finished. Please copy them again.
}
kiosk-taken-away = The photographs were removed and have been cleared.
kiosk-cleared = Your photographs were cleared after { $seconds } s without a touch. To see them again, take the stick out and insert it again.
kiosk-cleared-after-minutes = Your photographs were cleared after { $minutes } min without a touch. To see them again, take the stick out and insert it again.
kiosk-still-there = Still there?
kiosk-touch-to-continue = Touch the screen to continue.
kiosk-clears-in = Your photographs will be cleared in { $seconds } s.
kiosk-folder-gone = The watched folder is missing. Its photographs will appear again when it is back: { $folder }
kiosk-watch-fault = Internal error while looking for new photographs. Please tell the staff.
kiosk-folder-unreadable = The watched folder cannot be read ({ $reason }). Please ask the staff: { $folder }
kiosk-folder-silent = The watched folder is not responding. In the meantime, you can look at the samples.
kiosk-passed-over = The program restarted and skipped a photograph that caused an error.
kiosk-settings-fault = Staff: { $reason }
kiosk-config = the kiosk's settings are not used ({ $reason }); correct the file and restart the kiosk: { $path }
kiosk-config-unreadable = it cannot be read: { $reason }
kiosk-config-unknown-key = line { $line }: unknown setting `{ $key }`, expected one of { $known }
kiosk-config-wrong = line { $line }: { $detail }
kiosk-config-bounds = { $key } must be { $least } to { $most }, found { $found }
kiosk-config-folder = watch must be an absolute path such as /media, found { $folder }
kiosk-config-model = the network '{ $name }' in the kiosk's settings cannot be used; the recommended one is used instead
