# 顶栏与底栏。

open = 打开
folder = 文件夹
recent-files = 最近打开
recent-files-hint = 以前打开过的文件和文件夹
save = 保存
save-hint = 保存掩膜、绘有轮廓的照片或报告
nothing-opened-yet = 没有最近打开的文件
place-in-list = 第 { $place } 张，共 { $count } 张
reading-photo = 正在读取照片…
running-network = 正在运行模型…
running-tiles = 正在运行模型：{ $total } 个图块已完成 { $done } 个…
stage-times = { $engine }   ·   解码 { $decode }   预处理 { $prepare }   模型 { $network }   后处理 { $finish } ms
engine-is = 推理引擎：{ $engine }
no-engine-yet = 尚未运行过推理引擎
engine-not-used-because = 未使用 { $engine }：{ $reason }
pointed-pixel = x { $x }  y { $y }     RGB { $r } { $g } { $b }
pointed-probability = { $pixel }     概率 { $probability }
