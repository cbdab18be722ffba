# 各组一致性图（图片文件）。

plot-title = 各组与参考掩膜的一致性：{ $network } 的平均 IoU
plot-note-lesions = 圆点：组内照片的平均值。横线：95% 自助法（bootstrap）区间，按皮损重抽样。
plot-note-photographs = 圆点：组内照片的平均值。横线：95% 自助法（bootstrap）区间。
plot-note-small = 灰色：少于 { $small } 张照片。
plot-all = 全部照片
plot-not-stated = 未注明
plot-photographs = 照片数
plot-mean = 平均 IoU
plot-below = IoU < 0.65
