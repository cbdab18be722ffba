# 摄像头：没有画面的原因，以及观察时的提示。

capture-no-device = 未找到摄像头，请连接摄像头
capture-not-found = 没有名为 { $wanted } 的摄像头，请连接该设备或选择其他摄像头
capture-busy = 摄像头 { $camera } 正被其他程序占用；关闭该程序后画面会自动恢复
capture-no-permission = 您没有使用摄像头的权限；请加入用户组 { $group }（sudo usermod -aG { $group } 用户名）并重新登录：{ $path }
capture-unplugged = 摄像头 { $camera } 已断开；重新连接后画面会自动恢复
capture-frozen = 摄像头 { $camera } 已 { $seconds } 秒没有画面；请检查连接线，或拔下后重新连接
capture-format-changed = 摄像头 { $camera } 的画面格式由 { $from } 变为 { $to }
capture-unread-format = 摄像头 { $camera } 不提供可读取的格式（提供 { $formats }，需要 MJPEG、YUYV 或 NV12）；请选择其他摄像头
capture-damaged-frame = 一帧画面已损坏，已跳过（{ $detail }）
capture-unreadable = 无法作为摄像头播放（{ $reason }）：{ $path }
capture-unknown-file = 无法作为摄像头播放；需要照片文件夹、单张照片，或 .mjpeg、.y4m 文件：{ $path }
capture-y4m-colours = 颜色存储方式为 { $found }，需要 8 位 420；请用 ffmpeg -pix_fmt yuv420p 转换
capture-empty = 其中没有画面：{ $path }
capture-no-cameras = 此版本不支持摄像头；请在 Linux 上启用 'camera' 功能重新编译，或播放文件或文件夹
capture-driver = 摄像头 { $camera } 在 { $call } 时出错（{ $reason }）；请拔下后重新连接
capture-crashed = 读取摄像头 { $camera } 时发生意外错误，将自动重试

live-more-light = 请增强光照
live-less-light = 请减弱光照
live-point-at-lesion = 请将镜头对准皮损
live-whole-lesion = 请使皮损完整显示在画面中
live-come-closer = 请靠近一些
live-hold-still = 请保持不动
live-focus = 请等待对焦完成
live-ready = 良好

live-not-for-live = 模型“{ $model }”不能用于实时画面：它需要分块处理或用于血管分割；请选择皮损模型
live-no-thread = 无法开始实时勾画（{ $reason }）；请关闭其他程序
live-crashed = 勾画一帧画面时发生意外错误，将在下一帧重试
live-keep-png = 该帧无法保存为 PNG（{ $detail }）
