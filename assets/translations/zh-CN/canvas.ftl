# 画布及其上方的内容。

peeking = 按住空格键时只显示照片
key-both = 两者一致
key-network-only = 仅模型
key-reference-only = 仅参考掩膜
key-band = 边界可能所在（{ $percent }%）
key-heat = 皮损概率
canvas-no-lesion = { $name }：未发现皮损
canvas-outlined = { $name }：已勾出皮损
welcome-title = 打开照片
welcome =
    将皮肤镜照片或文件夹拖放到此处。
    数据不会离开本机。
file-failed = 无法打开此文件
try-again = 重试
network-failed = 模型无法运行
use-engine = 改用 { $engine }
no-lesion = 未发现皮损
no-lesion-highest = 最高概率为 { $highest }，低于阈值 { $threshold }。
no-lesion-corrected = 修正后的掩膜为空。
no-lesion-lower = 将阈值降至 { $threshold }
no-lesion-lower-hint = 显示最可能是皮损的区域：概率不低于最高概率一半的像素
no-lesion-draw = 手动勾画
no-lesion-draw-hint = 用画笔在空白掩膜上勾画皮损
close-notice = 关闭通知
drop-to-open = 松开即可打开
drop-hint = 名称以 _segmentation 结尾的文件将作为参考掩膜
use-engine-hint = 此引擎刚刚在这张照片上成功运行了该模型
sample-is = 这是计算机绘制的示例，并非照片。
sample-blue = 蓝线：模型勾画的轮廓。
sample-orange = 橙线：真实轮廓。
