# 轮廓存疑的原因。
doubt-nothing-found = 未检出皮损
doubt-networks-differ = 各模型勾画的轮廓不一致
doubt-band-wide = 边界不确定，可能的范围较宽
doubt-map-pale = 模型对轮廓内的判断把握不足
doubt-cut-by-edge = 皮损被照片边缘截断
doubt-photograph-poor = 照片质量欠佳
