package moderation

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"communique/storage/audience"
	"communique/storage/press"
)

// Blocklist is a list of blocks as servers exchange them.
type Blocklist struct {
	Blocks []audience.Block
	// Weaker are the lines that ask for less than a block.
	Weaker []Line
	// Bad are the lines that cannot be read. The others count all the same.
	Bad []Line
}

// Line is a line of a list, and what is wrong with it.
type Line struct {
	Number int
	Text   string
}

func (l Line) String() string { return fmt.Sprintf("%d: %s", l.Number, l.Text) }

// maxBlocklist is the longest list that is read, in lines.
const maxBlocklist = 200_000

// The columns of Mastodon's export that are read.
const (
	columnDomain   = "domain"
	columnSeverity = "severity"
	columnComment  = "public_comment"
)

// ReadBlocklist reads a list in the form of Mastodon's export: CSV whose header
// names "#domain" and perhaps "#severity" and "#public_comment", in any order, with
// or without the "#". Without a header the columns are Mastodon's; a list of bare
// domains has just the first. A severity of "suspend", or none, is a block. Each
// line is read by itself, so that a missing quote costs one line and not the rest.
// The error is that of r, or press.ErrInvalid if the list has more than 200,000
// lines.
func ReadBlocklist(r io.Reader) (Blocklist, error) {
	var b Blocklist
	columns := map[string]int{columnDomain: 0, columnSeverity: 1, columnComment: 4}
	lines := bufio.NewScanner(r)
	for number := 1; lines.Scan(); number++ {
		text := strings.TrimSpace(strings.TrimPrefix(lines.Text(), "\ufeff"))
		if text == "" {
			continue
		}
		if number > maxBlocklist {
			return b, fmt.Errorf("%w: the list has more than %d lines", press.ErrInvalid, maxBlocklist)
		}
		row, err := csv.NewReader(strings.NewReader(text)).Read()
		if err != nil {
			b.Bad = append(b.Bad, Line{number, reason(err)})
			continue
		}
		if names, ok := header(row); number == 1 && ok {
			columns = names
			continue
		}
		b.take(number, row, columns)
	}
	if err := lines.Err(); err != nil {
		return b, fmt.Errorf("read the list: %w", err)
	}
	return b, nil
}

// reason is an error of CSV without its position: the line is known.
func reason(err error) string {
	if malformed, ok := errors.AsType[*csv.ParseError](err); ok {
		return malformed.Err.Error()
	}
	return err.Error()
}

// header reads the names of columns; false if the row is not a header.
func header(row []string) (map[string]int, bool) {
	columns := map[string]int{}
	for i, name := range row {
		columns[strings.TrimPrefix(strings.ToLower(strings.TrimSpace(name)), "#")] = i
	}
	_, ok := columns[columnDomain]
	return columns, ok
}

func (b *Blocklist) take(number int, row []string, columns map[string]int) {
	field := func(name string) string {
		if i, ok := columns[name]; ok && i < len(row) {
			return strings.TrimSpace(row[i])
		}
		return ""
	}
	subject, kind, err := ParseSubject(field(columnDomain))
	severity := strings.ToLower(field(columnSeverity))
	switch {
	case err != nil:
		b.Bad = append(b.Bad, Line{number, strings.TrimPrefix(err.Error(), press.ErrInvalid.Error()+": ")})
	case severity == "silence" || severity == "noop" || severity == "limit":
		b.Weaker = append(b.Weaker, Line{number, fmt.Sprintf("%s: severity %s is less than a block", subject, severity)})
	case severity != "" && severity != "suspend":
		b.Bad = append(b.Bad, Line{number, fmt.Sprintf("%s: unknown severity %q: it must be suspend, silence or noop", subject, severity)})
	default:
		b.Blocks = append(b.Blocks, audience.Block{Subject: subject, Kind: kind, Comment: field(columnComment)})
	}
}

// BlocklistWriter writes a list that Mastodon and others import.
type BlocklistWriter struct{ csv *csv.Writer }

// NewBlocklistWriter writes the header.
func NewBlocklistWriter(w io.Writer) (BlocklistWriter, error) {
	b := BlocklistWriter{csv.NewWriter(w)}
	return b, b.csv.Write([]string{"#" + columnDomain, "#" + columnSeverity, "#reject_media", "#reject_reports", "#" + columnComment, "#obfuscate"})
}

// Write writes a block. The form knows no blocks of actors; they are written like
// those of domains, which [ReadBlocklist] reads and others report as bad.
func (b BlocklistWriter) Write(block audience.Block) error {
	return b.csv.Write([]string{block.Subject, "suspend", "TRUE", "TRUE", block.Comment, "FALSE"})
}

// Flush ends the list.
func (b BlocklistWriter) Flush() error {
	b.csv.Flush()
	return b.csv.Error()
}
