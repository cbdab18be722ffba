# The bars at the top and at the bottom.

open = Open
folder = Folder
recent-files = Recent files
recent-files-hint = Recently opened files and folders
save = Save
save-hint = Save the mask, the photograph with its outline, or a report
nothing-opened-yet = No recent files
place-in-list = { $place } of { $count }
reading-photo = Reading the photograph…
running-network = Running the network…
running-tiles = Running the network: { $done } of { $total } tiles…
stage-times = { $engine }   ·   decode { $decode }   prepare { $prepare }   network { $network }   finish { $finish } ms
engine-is = Engine: { $engine }
no-engine-yet = No engine has run yet
engine-not-used-because = { $engine } not used: { $reason }
pointed-pixel = x { $x }  y { $y }     rgb { $r } { $g } { $b }
pointed-probability = { $pixel }     p { $probability }
