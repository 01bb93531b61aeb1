package site

import (
	"strconv"
	"strings"

	"communique/storage/press"
)

// fileView is a file as the page of its article lists it.
type fileView struct {
	URL, Type string
	Title     string
	Kind      string // "PDF"
	Size      string // "1.4 MB"
}

func fileViews(all []press.File, w *Words) []fileView {
	var views []fileView
	for _, f := range all {
		views = append(views, fileView{
			URL: f.URL, Type: f.Type, Title: f.Label(),
			Kind: f.Kind(), Size: w.FormatSize(f.Size),
		})
	}
	return views
}

// FormatSize writes a number of bytes in thousands or millions, as people say it.
func (w *Words) FormatSize(bytes int64) string {
	const kilo, mega = 1000, 1000 * 1000
	if bytes < 999_500 {
		return strings.ReplaceAll(w.Kilobytes, "{n}", strconv.FormatInt(max(1, (bytes+kilo/2)/kilo), 10))
	}
	tenths := (bytes + mega/20) / (mega / 10)
	n := strconv.FormatInt(tenths/10, 10)
	if tenths < 100 && tenths%10 > 0 {
		n += w.Decimal + strconv.FormatInt(tenths%10, 10)
	}
	return strings.ReplaceAll(w.Megabytes, "{n}", n)
}
