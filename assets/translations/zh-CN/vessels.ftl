# 视网膜血管：相关模型及其测量值。

subject-dermoscopy = 皮损
subject-fundus = 视网膜血管
for-fundus = 适用于眼底照片
trained-on-words = 训练数据：{ $data }（{ $licence }）
test-cldice-mean = 测试 clDice（平均）
cldice-hint = 中心线的一致程度：细血管与粗血管同等重要
test-auc-mean = 测试 AUC（平均）
second-observer-dice = 第二位标注者的 Dice
second-observer-hint = 第二位标注者在同一批照片上标注的血管，像模型一样与第一位标注者的结果比较
int8-dice-mean = INT8 Dice（平均）
int8-hint-vessels = 同一批照片，由模拟器以 8 位整数运算

vessels = 血管
vessel-density = 血管密度
vessel-density-hint = 血管占视野面积的比例
vessel-length = 中心线总长
vessel-length-hint = 将所有血管细化为一个像素宽的线后的总长度，误差约 4%
vessel-calibre = 平均管径
vessel-calibre-hint = 平均宽度：血管面积除以中心线总长
vessel-calibre-by-distance = 平均管径（距离图）
vessel-calibre-by-distance-hint = 沿中心线到最近背景距离的两倍，取平均
vessel-area = 血管面积
vessel-area-hint = 视野内的全部血管
field-of-view-area = 视野面积
field-of-view-area-hint = 照片中显示眼底的圆形区域，由程序从照片中找出；区域之外一律不计

action-open-fundus-sample = 打开眼底示例
    .tooltip = 打开计算机绘制的眼底图及其真实血管，并使用血管模型
sample-name-fundus = 眼底示例（计算机绘制）
canvas-vessels = { $name }：已勾出血管
canvas-no-vessels = { $name }：未发现血管
key-heat-vessels = 血管概率
no-vessels = 未发现血管
no-network-for-vessels = 未找到视网膜血管模型。请安装本程序的软件包，或在启动时用 --models 指定模型所在的文件夹
no-vessels-lower-hint = 显示最可能是血管的区域：概率不低于最高概率一半的像素
no-dark-surround = 未发现黑色周边。此模型适用于眼底照片。
mean-probability-vessels-hint = 模型对所标血管像素的把握程度。并非诊断。
within-field-of-view = 仅计视野之内
kiosk-vessels = 用时 { $time } 勾画出血管
kiosk-heat-vessels = 模型的把握程度：越亮表示越可能是血管
kiosk-segmenting-vessels = 正在查找血管…
report-cldice = clDice（中心线）
report-vessels-described = 血管：{ $outline }
