# Reviewing photos: the decision, the note, the filter.

review-heading = Review
review-progress = { $done } of { $count } reviewed
review-not-seen = Not reviewed
review-accepted = Accepted
review-rejected = Rejected
review-unsure = Unsure
review-stay-hint = Shift-click to stay on this photograph
review-clear-hint = Click to clear this decision
review-nothing-to-accept = The file cannot be opened, so there is no outline to accept. You can reject it, mark it as unsure or write a note.
review-decided = { $decision }: { $name }
review-decided-corrected = { $decision }, outline corrected: { $name }
review-decided-drawn = { $decision }, outline drawn: { $name }
review-cleared = Decision cleared: { $name }
review-undo = Undo
review-nothing-to-undo = There is no decision to undo
mask-network = Network
mask-corrected = Corrected
mask-drawn = Drawn
mask-none = No outline
review-note = Note
review-note-is = Note: { $note }
review-note-hint = Note  ({ $key })
review-reviewer = Reviewer
review-reviewer-hint = Name or initials
review-all = All
review-by-decision = By decision
review-by-outline = By outline
review-doubtful = Doubtful
queue-order = Order
queue-by-name = By name
queue-by-doubt = By doubt
queue-look = Look through
queue-stop = Stop looking through
queue-look-through-hint = { $count ->
    [one] Run the network on the one photograph that it has not seen yet, to find out whether its outline is doubtful.
   *[other] Run the network on the { $count } photographs that it has not seen yet, to find those with a doubtful outline.
 } It waits while there is anything else to do, and writes nothing.
queue-progress = { $done } of { $count }
queue-progress-stop = { $done } of { $count } photographs looked through: click to stop
queue-looked-through = { $doubtful ->
    [one] { $count } photographs looked through: one has a doubtful outline
   *[other] { $count } photographs looked through: { $doubtful } have a doubtful outline
 }
queue-no-doubt = This network's card does not say how sure its outlines are: choose another network
queue-not-looked-through = No doubtful outline is known yet: look through the folder with { $key }
queue-none-doubtful = No photograph without a decision has a doubtful outline
doubt-because = Look closer: { $reasons }
doubt-hint = Signs in the network's own map that this outline may be wrong. Go to the next doubtful photograph
doubt-separator = { ", " }
review-filter = Show: { $filter }, { $count }
review-filter-hint = Which photographs the filmstrip shows and the arrow keys visit
review-newer = A newer Dermaloupe wrote these records: they are shown but not changed
review-all-done = All reviewed: { $count }
review-last-photo = That was the last photograph
review-kept-away = The photographs' folder is not writable ({ $reason }): reviews and corrections are saved in the data directory
review-not-kept = The review of { $name } is not saved: { $reason }
review-unkept = { $count ->
    [one] One review is not saved
   *[other] { $count } reviews are not saved
 }
review-retry = Try to save again
session-restored = Resumed at { $name }
session-lost = The photograph where you left off is no longer there: { $path }

group-review = Review
action-accept = Accept outline
    .tooltip = The outline is right; go to the next photograph
action-reject = Reject outline
    .tooltip = The outline or the photograph is unusable; go to the next
action-mark-unsure = Mark as unsure
    .tooltip = Needs a second opinion; go to the next photograph
action-undo-decision = Undo decision
    .tooltip = Undo the last decision and go back to its photograph
action-next-unreviewed = Next unreviewed photo
    .tooltip = Go to the next photograph without a decision
action-next-doubtful = Next doubtful photo
    .tooltip = Go to the next photograph without a decision whose outline is doubtful, the most doubtful first
action-look-through = Look through the folder
    .tooltip = Run the network on the photographs not opened yet, to find the doubtful ones; or stop
action-write-note = Write note
    .tooltip = Write a note on this photograph
