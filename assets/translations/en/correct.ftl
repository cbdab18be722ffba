# Correcting a mask by hand.

group-correcting = Correction

action-toggle-correction = Correct
    .tooltip = Start or finish correcting the mask
action-use-other-mask = Network or corrected mask
    .tooltip = Show the network's mask, or the corrected one
action-use-brush = Brush
    .tooltip = Paint lesion; hold Alt or the right button to erase
action-use-eraser = Eraser
    .tooltip = Erase lesion; hold Alt or the right button to paint
action-use-polygon = Polygon
    .tooltip = Click to add points; double-click to close
action-use-lasso = Lasso
    .tooltip = Draw around an area to add or remove it
action-brush-smaller = Smaller brush
    .tooltip = Make the brush smaller
action-brush-larger = Larger brush
    .tooltip = Make the brush larger
action-close-line = Close polygon
    .tooltip = Close the polygon and fill it
action-remove-point = Remove point
    .tooltip = Remove the polygon's last point
action-fill-holes = Fill holes
    .tooltip = Fill holes inside the lesion
action-keep-largest = Keep largest
    .tooltip = Remove all parts but the largest
action-smooth = Smooth
    .tooltip = Smooth the border
action-grow = Grow
    .tooltip = Move the border outwards
action-shrink = Shrink
    .tooltip = Move the border inwards
action-toggle-fill = Fill the lesion
    .tooltip = Fill the lesion while correcting, or show its outline only
action-toggle-network-outline = Network's outline
    .tooltip = Show the network's outline, dashed, beneath the corrected one
action-undo = Undo
    .tooltip = Undo the last step
action-redo = Redo
    .tooltip = Redo the last undone step
action-start-from-network = Reset to network
    .tooltip = Start again from the network's mask; can be undone
action-start-empty = Start empty
    .tooltip = Start again from an empty mask; can be undone
action-start-from-reference = Start from reference
    .tooltip = Start again from the reference mask; can be undone

correct-broken-tail = The last correction of this photograph was not saved completely; all earlier steps are intact.
correct-unknown-end = An older version wrote these corrections, so it cannot be checked whether their last steps are missing. Check the outline.
correct-crashed = Internal error during this correction; please report it. The mask is as it was before.
correct-no-reference = Choose a reference mask first ({ $key }).
correct-nothing-yet = There is nothing to correct yet.
correct-unended-title = Unfinished corrections found
correct-unended = The program closed unexpectedly while this mask was being corrected. { $steps ->
        [one] One step was saved.
       *[other] { $steps } steps were saved.
    }
correct-restore = Restore
correct-restore-hint = Continue from the last saved step
correct-discard = Discard
correct-discard-hint = Undo these steps; { $key } restores them
correct-start = Start again
correct-start-hint = Start again from the network's mask, the reference or an empty mask
correct-done = Done
correct-done-hint = Close the tools; the corrected mask is kept
correct-size = Size
correct-reach = Amount
correct-reach-hint = How far Smooth, Grow and Shrink reach, in pixels of the photograph
correct-add = Add
correct-add-hint = The enclosed area becomes lesion (hold Alt for the opposite)
correct-remove = Remove
correct-remove-hint = The enclosed area becomes background (hold Alt for the opposite)
correct-line-hint = { $key } or double-click to close, Esc to cancel
correct-working = Working…
correct-working-hint = The whole mask is being processed
correct-writing = Saving…
correct-writing-hint = The last step is being written to disk
correct-kept = Saved
correct-kept-hint = Every step is on disk and can be undone
correct-in-memory = Not saved
correct-in-memory-hint = There is nowhere to save corrections: they are kept only until the window closes
correct-network = Network
correct-network-hint = Show, measure and save what the network found
correct-edited = Corrected
correct-edited-hint = Show, measure and save the corrected mask

journal-unreadable = the correction journal cannot be read ({ $reason })
journal-damaged = the correction journal is damaged from its beginning; it will be set aside at the next correction
journal-lossy = the correction journal is damaged: { $steps ->
        [one] one step
       *[other] { $steps } steps
    } can be read, and steps after that are lost ({ $bytes } bytes cannot be read); open the photograph in the window and check the outline: the next correction goes on from there and keeps the damaged journal under another name
journal-unknown-end = an older version wrote these corrections, so it cannot be checked whether their last steps are missing; check the outline in the window
journal-version = the correction journal has format { $found }, but this program reads { $expected }; use the newer program
journal-other-photo = the correction journal belongs to another photograph ({ $found }, expected { $expected }); it is left unchanged
journal-in-use = another window is correcting this photograph; close it there, then open the photograph again
journal-unwritten = corrections cannot be saved ({ $reason }); they are kept only until the window closes
journal-no-place = corrections cannot be saved and are kept only until the window closes; { $reason }
not-logged = The audit log could not be written; { $reason }
