# 帮助与关于。

close-dialog = 关闭对话框
group-by-hand = 手势
gesture-wheel = 滚轮或双指捏合
gesture-wheel-does = 以指针处为中心缩放
gesture-drag = 拖动或双指滑动
gesture-drag-does = 移动照片
gesture-double-click = 双击
gesture-double-click-does = 显示整张照片
gesture-space = 按住空格键
gesture-space-does = 暂时只看照片，不叠加任何内容
gesture-drop = 拖放文件
gesture-drop-does = 打开文件；…_segmentation 作为参考掩膜
gesture-focus = F6、Tab、Esc
gesture-focus-does = 进入控件、在控件间移动、返回
version = 版本 { $version }
about-not-a-device = Dermaloupe 不是医疗器械。它勾画的轮廓只是模型的估计，不构成诊断，不得用于患者诊疗。
about-what-it-does = 本程序打开皮肤镜照片和眼底照片，在本机运行轻量级分割模型，显示皮损或血管的位置以及模型的把握程度。照片不会被改动，数据不会离开本机。
with-aside = { $words }（{ $aside }）
weights = 权重
weights-facts = { $licence }；训练数据：{ $data }（{ $data_licence }）
graphics = 图形
program = 程序
program-licence = MIT 或 Apache-2.0
fonts = 字体
fonts-licences = Inter 与 Noto Sans SC（OFL-1.1），Phosphor 图标（MIT）
unknown = 未知
