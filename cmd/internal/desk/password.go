package desk

import (
	_ "embed"
	"fmt"
	"strings"
	"unicode/utf8"
)

const (
	leastPassword = 12   // characters
	mostPassword  = 1024 // bytes
	leastUnlike   = 5    // characters
	leastGuesses  = 8    // as counted by guesses
)

// weakness is why a password is not taken, for people; nothing if it is.
func weakness(password, login string) string {
	unlike := map[rune]bool{}
	for _, r := range password {
		unlike[r] = true
	}
	name, _, _ := strings.Cut(login, "@")
	switch {
	case utf8.RuneCountInString(password) < leastPassword:
		return fmt.Sprintf("Choose a password of at least %d characters.", leastPassword)
	case len(password) > mostPassword:
		return "Choose a shorter password."
	case len(unlike) < leastUnlike:
		return fmt.Sprintf("Choose a password with at least %d characters that differ.", leastUnlike)
	case strings.Contains(strings.ToLower(password), strings.ToLower(name)):
		return "Choose a password that doesn't contain your login."
	case guesses(password) < leastGuesses:
		return "This password is easily guessed: it is made of what many people choose, such as a common word with a year, or keys in a row. Choose a few words that don't belong together."
	}
	return ""
}

//go:embed commonwords.txt
var commonText string

// commonWords are what passwords are most often made of.
var commonWords = readWords(commonText)

func readWords(text string) (all []string) {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			all = append(all, line)
		}
	}
	return all
}

// asLetters puts letters in the place of the figures and signs that often stand for them.
var asLetters = strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s", "!", "i")

// keysInRow are keys that lie, or signs that stand, side by side.
var keysInRow = []string{"01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "yxcvbnm", "azertyuiop", "qsdfghjklm", "wxcvbn", "!@#$%^&*()"}

// perPart is what a part counts that a guesser tries as one: a word, keys in a row, a year.
const perPart = 2

// guesses counts how much of a password has to be guessed: characters, but of what is common
// no more than perPart, however long it is.
func guesses(password string) (n int) {
	left := strings.ToLower(password)
	if period := strings.Index((left + left)[1:], left) + 1; period < len(left) { // the same again and again
		left, n = left[:period], perPart
	}
	for left != "" {
		if part := max(commonWord(left), inRow(left), repeated(left), year(left)); part > 0 {
			n += perPart
			left = left[part:]
			continue
		}
		r, size := utf8.DecodeRuneInString(left)
		if !strings.ContainsRune(" -_.", r) { // what stands between words is no secret
			n++
		}
		left = left[size:]
	}
	return n
}

// commonWord is how long a common word is that a text begins with; 0 if there is none.
func commonWord(text string) (longest int) {
	text = asLetters.Replace(text)
	for _, word := range commonWords {
		if strings.HasPrefix(text, word) {
			longest = max(longest, len(word))
		}
	}
	return longest
}

// inRow is how many keys in a row a text begins with, forwards or backwards; 0 if they are less
// than three.
func inRow(text string) (longest int) {
	for _, row := range keysInRow {
		at := strings.IndexByte(row, text[0])
		if at < 0 {
			continue
		}
		for _, step := range []int{1, -1} {
			n := 1
			for next := at + step; n < len(text) && next >= 0 && next < len(row) && row[next] == text[n]; next += step {
				n++
			}
			longest = max(longest, n)
		}
	}
	if longest < 3 {
		return 0
	}
	return longest
}

// repeated is how often a text begins with the same byte; 0 if less than three times.
func repeated(text string) int {
	n := len(text) - len(strings.TrimLeft(text, text[:1]))
	if text[0] >= utf8.RuneSelf || n < 3 {
		return 0
	}
	return n
}

// year is how long a year is that a text begins with; 0 if there is none.
func year(text string) int {
	const figures = 4
	if len(text) < figures || !strings.HasPrefix(text, "19") && !strings.HasPrefix(text, "20") || strings.Trim(text[:figures], "0123456789") != "" {
		return 0
	}
	return figures
}
