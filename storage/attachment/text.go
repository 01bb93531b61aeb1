package attachment

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"
)

var byteOrderMark = []byte("\ufeff")

// checkText refuses what is no text in UTF-8.
func checkText(content []byte) error {
	if is := looksLike(content); is != "" {
		return notA("a plain text", content)
	}
	for at, line := 0, 1; at < len(content); {
		r, size := utf8.DecodeRune(content[at:])
		switch {
		case r == utf8.RuneError && size == 1:
			return fmt.Errorf("line %d of it is not UTF-8: save the file as UTF-8", line)
		case r == '\n':
			line++
		case r < ' ' && r != '\t' && r != '\r' && r != '\f':
			return fmt.Errorf("line %d of it has a control character: it is not a plain text, as its name says", line)
		}
		at += size
	}
	return nil
}

// formula is what spreadsheets may take for a formula in a cell of a CSV file,
// and a number, a sign or a word after a sign are not.
var formula = regexp.MustCompile(`^[=+\-@\t\r].*[(|!]|^=`)

// formulaAmidWords is one where a cell may be part of a sentence: "open; -2 (ships) a day".
var formulaAmidWords = regexp.MustCompile(`^[+\-@].*(\||\pL\()|^=`)

// checkCSV refuses what has no cells, and cells that run when the file is opened.
func checkCSV(content []byte) error {
	if err := checkText(content); err != nil {
		return err
	}
	content = bytes.TrimPrefix(content, byteOrderMark)
	first, _, _ := bytes.Cut(content, []byte("\n"))
	comma, other := ',', ';'
	if bytes.Count(first, []byte(";")) > bytes.Count(first, []byte(",")) {
		comma, other = other, comma // as programs write it where the comma divides numbers
	}
	if err := checkCells(content, comma, formula); err != nil {
		return err
	}
	// Readers' programs divide by the sign of their own language, whatever the file has.
	return checkCells(content, other, formulaAmidWords)
}

// checkCells looks at the cells of a CSV file that a sign divides.
func checkCells(content []byte, comma rune, formula *regexp.Regexp) error {
	r := csv.NewReader(bytes.NewReader(content))
	r.FieldsPerRecord, r.ReuseRecord, r.LazyQuotes, r.Comma = -1, true, true, comma
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("it cannot be read as CSV: %w", err)
		}
		for n, cell := range record {
			if formula.MatchString(strings.TrimLeft(cell, " ")) {
				line, _ := r.FieldPos(n)
				return fmt.Errorf("line %d of it has a formula in cell %d, %.40q: it would run when the file is opened; write the value", line, n+1, cell)
			}
		}
	}
}

// checkCalendar refuses what is no iCalendar object (RFC 5545 §3.4).
func checkCalendar(content []byte) error {
	if err := checkText(content); err != nil {
		return err
	}
	text := strings.ToUpper(string(bytes.TrimSpace(bytes.TrimPrefix(content, byteOrderMark))))
	if !strings.HasPrefix(text, "BEGIN:VCALENDAR") || !strings.HasSuffix(text, "END:VCALENDAR") {
		return notA("a calendar (BEGIN:VCALENDAR … END:VCALENDAR)", content)
	}
	// RFC 5545 §3.8.6.1: an alarm may name a program or a file. Lines may be folded
	// anywhere (§3.1).
	if procedure.MatchString(folded.ReplaceAllString(text, "")) {
		return errors.New("it has an alarm that starts a program: take the alarm out")
	}
	return nil
}

var (
	folded    = regexp.MustCompile(`\r?\n[ \t]`)
	procedure = regexp.MustCompile(`(?m)^ACTION(;[^:\r\n]*)?:\s*PROCEDURE`)
)
