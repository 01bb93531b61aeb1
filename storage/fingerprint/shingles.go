package fingerprint

import (
	"hash/fnv"
	"math"
)

const (
	// NearLength is how many words a text has that is compared with those that say nearly
	// the same: short ones are alike because they are short.
	NearLength = 40
	// Shingles is how many numbers [Wording.Shingles] makes.
	Shingles = 12
	// shingle is how many words in a row are taken together.
	shingle = 3
)

// Shingles are those of the words of lead and text, three in a row, that twelve orders put
// first (A. Broder, On the resemblance and containment of documents, 1997). Two texts have
// each of them in common as likely as a shingle of either is in both: where one word of
// twenty is another, they share none of the twelve once in ten million times, where one of
// seven is, three times in a thousand. Short texts have none.
func (w Wording) Shingles() []int64 {
	all := append(words(w.Lead), bodyWords(w.Body)...)
	if len(all) < NearLength {
		return nil
	}
	var first [Shingles]uint64
	for i := range first {
		first[i] = math.MaxUint64
	}
	for i := range len(all) - shingle + 1 {
		h := fnv.New64a()
		for _, word := range all[i : i+shingle] {
			_, _ = h.Write([]byte(word + " ")) // it never fails
		}
		for order := range first {
			first[order] = min(first[order], mixed(h.Sum64(), order))
		}
	}
	marks := make([]int64, Shingles)
	for i, f := range first {
		marks[i] = int64(f) // all 64 bits are wanted
	}
	return marks
}

// mixed puts numbers in an order of their own (S. Vigna, SplitMix64).
func mixed(n uint64, order int) uint64 {
	n += uint64(order+1) * 0x9e3779b97f4a7c15
	n = (n ^ n>>30) * 0xbf58476d1ce4e5b9
	n = (n ^ n>>27) * 0x94d049bb133111eb
	return n ^ n>>31
}
