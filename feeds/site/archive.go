package site

import (
	"io"
	"strconv"
	"strings"
	"time"

	"communique/storage/press"
)

// Archive is what a page of the archive by date shows: the years of a section,
// or the months of a Year, or the articles of a Month of it.
type Archive struct {
	Language press.Language
	Trail    []press.Section // from the top down to the section; empty for the whole site
	Year     int             // 0 on the page of the years
	Month    time.Month      // 0 on those of the years and the months
	Years    []int           // that have articles, newest first
	Months   []time.Month
	Counts   []int // of each year or month
	List           // of a month
}

// periodView is a year or a month, and how many articles it has.
type periodView struct {
	Link
	Count string
}

type archiveView struct {
	frame
	Headline string
	Of       Text // the section, if it is not the whole site
	Periods  []periodView
	listView
}

// Archive writes a page of the archive by date.
func (s *Site) Archive(w io.Writer, v Archive) error {
	f := s.frame(v.Language)
	view := archiveView{Headline: f.W.Archive}
	var path press.Path
	if n := len(v.Trail); n > 0 {
		path = v.Trail[n-1].Path
		view.Of = s.id.sectionName(v.Trail[n-1], v.Language)
		f.FeedTitle = view.Of
	}
	address := func(year int, month time.Month) string { return s.id.Site.ByDate(v.Language, path, year, month) }
	f.Trail = s.trail(v.Trail, v.Language, f.W)
	if v.Year > 0 {
		view.Headline = strconv.Itoa(v.Year)
		f.Trail = append(f.Trail, Link{Text: Text{f.W.Archive, f.W.Lang}, URL: address(0, 0)})
	}
	if v.Month > 0 {
		view.Headline = f.W.FormatMonth(v.Year, v.Month)
		f.Trail = append(f.Trail, Link{Text: Text{Text: strconv.Itoa(v.Year)}, URL: address(v.Year, 0)})
	}
	for _, year := range v.Years {
		view.Periods = append(view.Periods, periodView{Link: Link{Text: Text{Text: strconv.Itoa(year)}, URL: address(year, 0)}})
	}
	for _, month := range v.Months {
		view.Periods = append(view.Periods, periodView{Link: Link{Text: Text{f.W.FormatMonth(v.Year, month), f.W.Lang}, URL: address(v.Year, month)}})
	}
	for n, count := range v.Counts {
		view.Periods[n].Count = strings.ReplaceAll(f.W.Statements, "{count}", strconv.Itoa(count))
	}
	view.Articles = s.list(v.List, f.W)
	f.locate(address(v.Year, v.Month), v.List)
	f.Title = s.sectionTitle(Section{Language: v.Language, Trail: v.Trail})
	if v.Year > 0 {
		f.Title = f.W.Archive + " – " + f.Title
	}
	f.Title = view.Headline + " – " + f.Title
	f.Description = f.Title
	f.Feeds = s.feeds(v.Language, f.FeedTitle, path)
	f.Switch = s.switchTo(v.Language, func(l press.Language) string { return s.id.Site.ByDate(l, path, 0, 0) })
	view.frame = f
	return s.execute(w, "archive", view)
}
