# 通知，以及系统文件对话框中的文字。

saved = 已保存 { $path }
nothing-to-save = 还没有可保存的结果
reference-never-overwritten = 参考掩膜绝不会被覆盖；请使用其他文件名：{ $path }
photo-never-overwritten = 照片绝不会被覆盖；请使用其他文件名：{ $path }
photo-before-reference = 请先打开照片，再打开其掩膜
error-view-needs-reference = 差异视图需要参考掩膜：请按 { $key } 选择，或拖入“照片名_segmentation.png”
no-file-dialog = 无法显示文件对话框（需要桌面的文件门户或 zenity）。请将文件拖放到窗口，或在命令行中指定：dermaloupe PATH
crashed = 处理这张照片时发生内部错误；请反馈，并继续处理下一张
folder-without-photos = 此文件夹中没有照片：{ $path }
folder-unreadable = 无法读取文件夹（{ $reason }）：{ $path }
settings-not-remembered = 设置无法保存：{ $reason }
settings-unreadable = 无法读取设置（{ $reason }）；将使用默认设置：{ $path }
settings-set-aside = 设置文件已损坏（{ $reason }）；将使用默认设置，原文件保留为 { $path }
settings-left = 设置文件已损坏（{ $reason }）；将使用默认设置，原文件未能另存（{ $why }）：{ $path }
photographs = 照片
all-files = 所有文件
pdf-documents = PDF 文档
png-pictures = PNG 图片
open-photos-title = 打开照片
open-folder-title = 打开照片文件夹
choose-reference-title = 选择参考掩膜
records-crashed = 读写记录时发生内部错误，请反馈；最近一次的审阅结果可能未保存，请重试。
file-crashed = 写入文件时发生内部错误，请反馈；文件没有写入。
picture-crashed = 准备图像时发生内部错误，请反馈。
disk-too-slow = 磁盘写入过慢，最近一次更改没有保存。请稍候再试。
