# 右侧面板：叠加显示、一致性、皮损。

overlay = 叠加显示
error-view-needs = 需要参考掩膜：请在下方选择
threshold = 阈值
opacity = 不透明度
opacity-correcting = 修正时的不透明度
agreement = 一致性
agreement-needs = 有与照片同尺寸的参考掩膜时，显示 Dice、IoU 及差异之处。
reference = 参考掩膜
choose-reference = 选择…
change-reference = 更换…
remove = 移除
dice = Dice
iou = IoU
sensitivity = 灵敏度
specificity = 特异度
accuracy = 准确率
lesion = 皮损
no-result-yet = 尚无结果
share-of-photo = 占照片比例
mean-probability-inside = 皮损内平均概率
mean-probability-hint = 模型对其判为皮损的像素有多大把握；并非诊断。
