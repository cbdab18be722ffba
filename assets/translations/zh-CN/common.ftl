language-name = 简体中文
research-use-only = 仅供研究使用
percent = { $number }%
