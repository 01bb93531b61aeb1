package feeds

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"communique/feeds/site"
	"communique/storage"
	"communique/storage/lazyregexp"
	"communique/storage/press"
)

// period is a month, a whole year (month 0) or all time (year 0).
type period struct {
	year  int
	month time.Month
}

var datedArchive = lazyregexp.New(`^(?:(.+)/)?archive(?:/([0-9]{4})(?:/(0[1-9]|1[0-2]))?)?$`)

// parseArchive parses a path as written by [press.Site.ByDate], without the final
// slash. No section has the slug "archive".
func parseArchive(path string) (section press.Path, p period, ok bool) {
	found := datedArchive.FindStringSubmatch(path)
	if found == nil || found[2] == "0000" {
		return "", p, false
	}
	p.year, _ = strconv.Atoi(found[2]) // digits only, or empty for 0
	month, _ := strconv.Atoi(found[3])
	p.month = time.Month(month)
	return press.Path(found[1]), p, true
}

// start is the first instant of the period in a zone, end the first one after it.
func (p period) start(zone *time.Location) time.Time {
	return press.StartOfDay(p.year, max(p.month, time.January), 1, zone)
}

func (p period) end(zone *time.Location) time.Time {
	switch {
	case p.year == 0:
		return endOfTime(zone)
	case p.month == 0:
		return press.StartOfDay(p.year+1, time.January, 1, zone)
	}
	return press.StartOfDay(p.year, p.month+1, 1, zone)
}

// endOfTime is later than the date of any article.
func endOfTime(zone *time.Location) time.Time {
	return time.Date(10_000, time.January, 1, 0, 0, 0, 0, zone)
}

// dateArchive answers with a page of a section's archive by date. It returns
// press.ErrNotFound for a year or month without articles; the page of the years
// always exists.
func (s *Server) dateArchive(w http.ResponseWriter, r *http.Request, lang press.Language, path press.Path, p period) error {
	part, err := parsePart(r.URL.Query())
	if err != nil {
		return err
	}
	if part.newer || part.from.ID != "" && p.month == 0 {
		return fmt.Errorf("%w page: there is no such part of this list", press.ErrInvalid)
	}
	of := resource{contentType: "text/html; charset=utf-8", policy: pagePolicy}
	err = s.store.View(r.Context(), func(tx *storage.Tx) error {
		at, err := s.locate(tx, lang, path)
		if err != nil {
			return err
		}
		of.key = fmt.Sprintf("archive-%s-%d-%d-%d%s", lang, at.section.ID, p.year, p.month, part)
		of.version = at.changed
		return nil
	})
	if err != nil {
		return err
	}
	of.render = s.rendering(r.Context(), func(tx *storage.Tx) (version, writer, error) {
		at, err := s.locate(tx, lang, path)
		if err != nil {
			return version{}, nil, err
		}
		view := site.Archive{Language: lang, Trail: at.trail(), Year: p.year, Month: p.month}
		if p.month > 0 {
			view.List, err = s.listMonth(tx, at, p, part)
		} else {
			err = s.listPeriods(tx, at, p, &view)
		}
		return at.changed, func(w io.Writer) error { return s.site.Archive(w, view) }, err
	})
	return s.serve(w, r, of)
}

// listPeriods finds the years, or the months of a year, that have articles, and how
// many. It steps back from each to the one before; the counts are read off an index,
// once for each version of the page.
func (s *Server) listPeriods(tx *storage.Tx, at place, p period, view *site.Archive) error {
	before := p.end(s.id.Zone)
	for {
		last, err := tx.LastBefore(at.section.ID, at.lang, before)
		if errors.Is(err, press.ErrNotFound) || err == nil && p.year > 0 && last.Before(p.start(s.id.Zone)) {
			break
		}
		if err != nil {
			return err
		}
		last = last.In(s.id.Zone)
		of := period{year: last.Year()}
		if p.year > 0 {
			of = period{p.year, last.Month()}
			view.Months = append(view.Months, of.month)
		} else {
			view.Years = append(view.Years, of.year)
		}
		n, err := tx.CountWithin(at.section.ID, at.lang, of.start(s.id.Zone), of.end(s.id.Zone))
		if err != nil {
			return err
		}
		view.Counts = append(view.Counts, n)
		before = of.start(s.id.Zone)
	}
	if p.year > 0 && len(view.Months) == 0 {
		return fmt.Errorf("%w: nothing was published in %d", press.ErrNotFound, p.year)
	}
	return nil
}

// listMonth reads one page of a month's articles.
func (s *Server) listMonth(tx *storage.Tx, at place, p period, part part) (site.List, error) {
	articles, err := tx.Within(at.section.ID, at.lang, p.start(s.id.Zone), p.end(s.id.Zone), part.from, pageLength+1)
	if err == nil && len(articles) == 0 {
		err = fmt.Errorf("%w: nothing was published in %d-%02d", press.ErrNotFound, p.year, p.month)
	}
	return part.list(s.id.Site.ByDate(at.lang, at.section.Path, p.year, p.month), articles), err
}

// addArchiveSlash redirects an address of the archive that lacks its final slash.
func (s *Server) addArchiveSlash(lang press.Language, path string) error {
	section, p, ok := parseArchive(path)
	if !ok || strings.Contains(path, "//") {
		return nil
	}
	return &press.MovedError{Location: s.id.Site.ByDate(lang, section, p.year, p.month)}
}
