# Words that are used in several places. English is the reference: every message here is in zh-CN/common.ftl too.

language-name = English
research-use-only = Research use only
percent = { $number } %
