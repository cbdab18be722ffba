# 文件、模型或引擎出错时的说明。

with-path = { $reason }：{ $path }
reasons-joined = { $before }；{ $next }
not-there = 文件或文件夹不存在
no-permission = 没有权限
disk-read-only = 磁盘为只读
disk-full = 磁盘已满
decode-unreadable = 无法读取文件（{ $reason }）
file-not-there = 文件不存在，可能已被移动或重命名
file-no-right = 您没有读取权限
decode-folder = 这是文件夹，不是照片
decode-not-a-file = 这不是普通文件；请选择照片文件
decode-empty = 文件为空；请从原处重新复制
decode-unknown-format = 不是照片：内容不是 JPEG、PNG、TIFF、BMP 或 WebP
decode-too-many-pixels = 图像过大：{ $size } 共 { $megapixels } 百万像素，上限为 { $limit } 百万像素；请制作较小的副本
decode-too-many-bytes = 文件过大：共 { $bytes } 字节，上限为 { $limit } 字节；请制作较小的副本
decode-damaged = { $format } 文件已损坏或不完整（{ $detail }）；请从原处重新复制
decode-unsupported = 不支持此类 { $format } 文件（{ $detail }）；请另存为 PNG 或普通 JPEG
decode-panicked = 解码器在处理此文件时出错；请报告此问题
decode-mask-size = 参考掩膜为 { $mask }，而照片为 { $photo }；请提供与照片同尺寸的掩膜
write-failed = 无法写入（{ $reason }）；请检查文件夹是否存在、是否可写：{ $path }
card-unreadable = 无法读取模型文件（{ $reason }）：{ $path }
card-invalid = 模型说明文件无效（{ $detail }）；请用 models/recipe/export.py 重新生成：{ $path }
card-hash = 模型“{ $name }”被拒绝：{ $file } 的 SHA-256 为 { $found }，而说明文件中为 { $expected }；请将两者一起重新复制：{ $path }
many-recommended = 多个模型被标为推荐（{ $names }），而应当只有一个；现以 { $counts } 为准；请从其他说明文件中删除 "recommended" 项：{ $place }
many-recommended-none-counts = 多个模型被标为推荐（{ $names }），而应当只有一个；现均不采用；请从其他说明文件中删除 "recommended" 项：{ $place }
run-failed = { $engine } 无法运行模型（{ $detail }）；请换用其他引擎
run-timed-out = { $engine } 在 { $seconds } 秒内没有响应，已放弃；请换用其他引擎，或重启开发板
run-panicked = { $engine } 运行模型时崩溃；请换用其他引擎
engine-not-found = 未找到 ONNX Runtime（已查找 { $looked }）；请运行 packaging/onnxruntime.sh，或用 --onnxruntime PATH 指定
engine-unusable = 无法使用 ONNX Runtime（{ $detail }）：{ $path }
engine-load = { $engine } 无法加载模型“{ $model }”（{ $detail }）；文件已损坏，或使用了未知算子
engine-shape = 模型“{ $model }”与其说明文件不符：{ $what ->
    [input] 输入
   *[output] 输出
 }为 { $found }，应为 { $expected }；请重新导出
engine-none = 没有引擎能运行模型“{ $model }”：{ $reasons }
no-engine = 没有引擎
npu-other-machine = 本机不是 RK3588 开发板（而是 { $found }）；NPU 引擎只能在该开发板上运行
npu-unknown-machine = 本机不是 RK3588 开发板（系统未说明开发板型号）；NPU 引擎只能在该开发板上运行
npu-no-file = 模型“{ $model }”没有 NPU 文件（.rknn）；请选择其他模型，或用 models/recipe 编译
npu-header = 模型“{ $model }”无法在 NPU 上运行：{ $reason }：{ $path }
npu-runtime-not-found = 未找到 NPU 运行库 librknnrt.so（已查找 { $looked }）；请安装开发板厂商提供的软件包，或用 --rknn-runtime PATH 指定
npu-runtime-unusable = 无法打开 NPU 运行库（{ $detail }）；请安装适用于本系统的版本：{ $path }
npu-not-the-runtime = 此库不是 NPU 运行库，缺少 { $symbol }；请指定 librknnrt.so：{ $path }
npu-device = 无法打开 NPU 设备：{ $complaint }
npu-refused = NPU 未接受模型“{ $model }”（rknn_init 返回 { $code }）：{ $reason }
npu-unusable = 模型“{ $model }”无法在 NPU 上使用：{ $detail }
npu-timed-out = NPU 在加载模型“{ $model }”时 { $seconds } 秒内没有响应，已放弃；若一直如此，请重启开发板
npu-still-hangs = NPU 仍停在先前的一次运行中；请重启程序，若一直如此，请重启开发板
npu-thread = 驱动 NPU 的线程出错（{ $detail }）；请报告此问题
npu-file-foreign = 这不是 .rknn 文件：开头是 { $head }，而不是 RKNN
npu-file-truncated = 文件不完整：只有 { $found } 字节，至少应有 { $expected } 字节；请重新复制
npu-file-damaged = 文件已损坏：无法读取 { $what }；请重新复制
npu-file-other-platform = 文件是为 { $platform } 编译的，而不是 rk3588；请使用 rk3588 的文件，或重新编译模型
