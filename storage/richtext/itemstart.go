package richtext

import "communique/storage/lazyregexp"

// itemStart is how lines begin in Chinese and Japanese that are items of a list, whatever
// stands above: a number or a letter with its point, bracket or wide blank, a number in a
// circle, or a point. No number goes on behind that of an item, as in 二、三日 and ２．５.
var itemStart = lazyregexp.New(`^(?:` +
	`[0-9０-９]{1,4}(?:[.)、．）〕](?:[^0-9０-９]|$)|[ \t]*　)|` +
	`[〇零一二三四五六七八九十百]{1,4}(?:[、．.）)〕](?:[^〇零一二三四五六七八九十百0-9０-９]|$)|　)|` +
	`[（(〔][0-9０-９〇一二三四五六七八九十百ア-オカキク甲乙丙丁a-zａ-ｚ]{1,3}[）)〕]|` +
	`(?:[ア-オカキクケコ甲乙丙丁]|[A-Za-zＡ-Ｚａ-ｚ])(?:[．）]|　)|` +
	`[①-⓿❶-➓㈠-㈩㊀-㊉]|` +
	`[・･＊－◎◆◇★☆※])`)

// numberSigns are other numbers of items that Markdown does not know.
var numberSigns = lazyregexp.New(`^(?:(?:\(?[a-zA-Z]|\([a-zA-Z0-9]{1,4}|[ivx]{1,4})\)[ \t]|(?:[a-zA-Z]|[ivx]{2,4})\.[ \t]|[Ⅰ-Ⅻⅰ-ⅻ][.．)）、 　])[ \t]*[^\s]`)

// gluedSign is the sign of an item without the blank behind it.
var gluedSign = lazyregexp.New(`^(?:[-+*–—]|[0-9]{1,3}[.)])\p{L}`)
