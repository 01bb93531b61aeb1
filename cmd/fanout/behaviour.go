package main

import (
	"fmt"
	"net/http"
	"sort"
	"strconv"
	"strings"
	"time"
)

// shares are the percentages of servers that misbehave, by how: "hang",
// "drip", or a status that they answer.
type shares map[string]int

func (s *shares) String() string {
	var parts []string
	for how, percent := range *s {
		parts = append(parts, fmt.Sprintf("%s=%d", how, percent))
	}
	sort.Strings(parts)
	return strings.Join(parts, ",")
}

// Set implements flag.Value.
func (s *shares) Set(text string) error {
	*s = shares{}
	total := 0
	for part := range strings.SplitSeq(text, ",") {
		how, number, _ := strings.Cut(part, "=")
		percent, err := strconv.Atoi(number)
		if err != nil || percent < 0 {
			return fmt.Errorf("%q is not a share: write one like hang=20", part)
		}
		if status, err := strconv.Atoi(how); how != "hang" && how != "drip" && (err != nil || status < 300 || status > 599) {
			return fmt.Errorf("%q is not a way to misbehave: hang, drip, or a status", how)
		}
		(*s)[how] = percent
		total += percent
	}
	if total > 100 {
		return fmt.Errorf("the shares add up to %d percent", total)
	}
	return nil
}

// assign says how the n-th of a number of servers behaves; "" is well. The bad
// ones are spread evenly.
func (s shares) assign(n int) string {
	place := (n * 37) % 100 // 37 and 100 have no common factor: every place comes once in a hundred
	var ways []string
	for how := range s {
		ways = append(ways, how)
	}
	sort.Strings(ways)
	for _, how := range ways {
		if place < s[how] {
			return how
		}
		place -= s[how]
	}
	return ""
}

// misbehave answers as a bad server does.
func misbehave(w http.ResponseWriter, r *http.Request, how string) {
	switch how {
	case "hang":
		<-r.Context().Done()
	case "drip":
		w.WriteHeader(http.StatusAccepted)
		for r.Context().Err() == nil {
			if _, err := w.Write([]byte(" ")); err != nil {
				return
			}
			_ = http.NewResponseController(w).Flush() // a reader that is gone ends the loop
			time.Sleep(time.Second)
		}
	default:
		status, err := strconv.Atoi(how)
		if err != nil {
			status = http.StatusInternalServerError
		}
		if status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable {
			w.Header().Set("Retry-After", "30")
		}
		if status/100 == 3 {
			w.Header().Set("Location", "/elsewhere")
		}
		w.WriteHeader(status)
	}
}
