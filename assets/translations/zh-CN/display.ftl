display = 显示
display-brightness = 亮度
display-contrast = 对比度
display-gamma = 伽马
display-slider-hint = 双击复位
display-keep = 后续照片沿用此设置
display-keep-hint = 不勾选时，每张照片打开时均按原始像素显示
display-only = 仅影响屏幕显示：模型、测量、报告和保存的图像均使用原始像素。
display-no-graphics = 本机的显卡驱动不支持调整显示，照片按原始像素显示。

display-adjusted = 显示已调整
display-adjusted-hint = 当前显示的不是照片的原始效果。按住空格键可查看未调整的照片。
display-peeking = 按住空格键时显示未调整的照片

display-profile = 颜色配置文件
display-profile-unnamed = 未命名
display-profile-applied = 按此内嵌配置文件转换为 sRGB 显示。仅影响屏幕显示，其余均使用原始像素。
display-profile-damaged = 内嵌的颜色配置文件已损坏，颜色按原始像素显示。
display-profile-too-large = 内嵌的颜色配置文件过大，不可能有效，颜色按原始像素显示。
display-profile-not-rgb = 内嵌的颜色配置文件用于 { $space }，而非 RGB，颜色按原始像素显示。
display-profile-absurd = 内嵌的颜色配置文件会使明暗颠倒，颜色按原始像素显示。

action-brighter = 调亮
    .tooltip = 将照片显示得更亮
action-darker = 调暗
    .tooltip = 将照片显示得更暗
action-more-contrast = 增加对比度
    .tooltip = 以更高的对比度显示照片
action-less-contrast = 降低对比度
    .tooltip = 以更低的对比度显示照片
action-more-gamma = 提亮暗部
    .tooltip = 提高伽马值，使暗部变亮
action-less-gamma = 压暗暗部
    .tooltip = 降低伽马值，使暗部变暗
action-show-as-stored = 恢复原始显示
    .tooltip = 不应用亮度、对比度和伽马调整
