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
waiting-for-dialog = 正在等待文件对话框…
dialog-is-open = 已有一个文件对话框处于打开状态，请先完成选择或将其关闭
stage-times = { $engine }   ·   读取 { $read } ms，勾画 { $outline } ms
stages = 读取文件：{ $read } ms；为模型预处理：{ $prepare } ms；模型运算：{ $network } ms；按原尺寸勾画轮廓：{ $finish } ms。
more = 更多
bar-theme = 主题
bar-language = 语言
bar-about = 关于
running-tiles = 正在运行模型：{ $total } 个图块已完成 { $done } 个…
engine-is = 推理引擎：{ $engine }
no-engine-yet = 尚未运行过推理引擎
engine-not-used-because = 未使用 { $engine }：{ $reason }
pointed-pixel = x { $x }  y { $y }     RGB { $r } { $g } { $b }
pointed-probability = { $pixel }     概率 { $probability }
