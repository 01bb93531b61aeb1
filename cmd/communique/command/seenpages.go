package command

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
)

// seenPages is what a dry run knows of the pages that it has seen ([newsroom.SeenPages]): by
// a hash, another one and the name of the page. A few are in memory; more are in temporary
// files, for there may be a hundred thousand. Its zero value is empty.
type seenPages struct {
	slots *space // of slotSize each, the first free one at or after hash modulo their number
	of    uint64 // how many slots there are, a power of two
	used  uint64
	names *space
	end   int64 // of the names
}

const (
	slotSize   = 24 // hash, the other hash, place of the name; a place of 0 is a free slot
	firstSlots = 1 << 12
)

// Find returns the hash and the name that were put for a hash.
func (r *seenPages) Find(hash uint64) (other uint64, name string, found bool, err error) {
	if r.of == 0 {
		return 0, "", false, nil
	}
	_, slot, err := r.slot(hash)
	if err != nil || slot[2] == 0 {
		return 0, "", false, err
	}
	name, err = r.name(int64(slot[2]))
	return slot[1], name, true, err
}

// Put remembers another hash and a name for a hash for which there is nothing yet.
func (r *seenPages) Put(hash, other uint64, name string) error {
	if 3*r.used >= 2*r.of {
		if err := r.grow(); err != nil {
			return err
		}
	}
	place, err := r.keepName(name)
	if err != nil {
		return err
	}
	r.used++
	return r.write([3]uint64{hash, other, place})
}

// close takes the temporary files away.
func (r *seenPages) close() error {
	return errors.Join(r.slots.close(), r.names.close())
}

// slot is the slot of a hash: the one that has it, or the free one that would.
func (r *seenPages) slot(hash uint64) (at uint64, slot [3]uint64, err error) {
	for at = hash % r.of; ; at = (at + 1) % r.of {
		if slot, err = r.read(at); err != nil || slot[2] == 0 || slot[0] == hash {
			return at, slot, err
		}
	}
}

func (r *seenPages) read(at uint64) (slot [3]uint64, err error) {
	var raw [slotSize]byte
	err = r.slots.read(raw[:], int64(at*slotSize))
	for i := range slot {
		slot[i] = binary.LittleEndian.Uint64(raw[8*i:])
	}
	return slot, err
}

func (r *seenPages) write(slot [3]uint64) error {
	at, _, err := r.slot(slot[0])
	if err != nil {
		return err
	}
	var raw [slotSize]byte
	for i, v := range slot {
		binary.LittleEndian.PutUint64(raw[8*i:], v)
	}
	return r.slots.write(raw[:], int64(at*slotSize))
}

// grow doubles the slots, or leaves all as it is.
func (r *seenPages) grow() (err error) {
	grown := seenPages{of: max(firstSlots, 2*r.of)}
	if grown.slots, err = newSpace(int64(grown.of * slotSize)); err != nil {
		return err
	}
	for at := range r.of {
		slot, err := r.read(at)
		if err == nil && slot[2] != 0 {
			err = grown.write(slot)
		}
		if err != nil {
			return errors.Join(err, grown.slots.close())
		}
	}
	before := r.slots
	r.slots, r.of = grown.slots, grown.of
	return before.close()
}

// keepName writes a name down and returns its place.
func (r *seenPages) keepName(name string) (place uint64, err error) {
	if r.names == nil {
		if r.names, err = newSpace(0); err != nil {
			return 0, err
		}
		r.end = 1 // a place of 0 is none
	}
	raw := append(binary.LittleEndian.AppendUint32(nil, uint32(len(name))), name...)
	place = uint64(r.end)
	if err := r.names.write(raw, r.end); err != nil {
		return 0, err
	}
	r.end += int64(len(raw))
	return place, nil
}

func (r *seenPages) name(place int64) (string, error) {
	var length [4]byte
	if err := r.names.read(length[:], place); err != nil {
		return "", err
	}
	name := make([]byte, binary.LittleEndian.Uint32(length[:]))
	if err := r.names.read(name, place+4); err != nil {
		return "", err
	}
	return string(name), nil
}

// space is bytes: in memory as long as they are few, else in a temporary file.
type space struct {
	near []byte
	file *os.File
}

func newSpace(size int64) (*space, error) {
	s := &space{}
	if size <= nearBytes {
		s.near = make([]byte, size)
		return s, nil
	}
	if err := s.open(); err != nil {
		return nil, err
	}
	if err := s.file.Truncate(size); err != nil {
		return nil, errors.Join(fmt.Errorf("remember what pages say: %w", err), s.close())
	}
	return s, nil
}

func (s *space) open() error {
	file, err := os.CreateTemp("", "communique-*.seen")
	if err != nil {
		return fmt.Errorf("remember what pages say: %w", err)
	}
	s.file = file
	return nil
}

func (s *space) read(b []byte, at int64) error {
	if s.file == nil {
		copy(b, s.near[at:])
		return nil
	}
	if _, err := s.file.ReadAt(b, at); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read what pages said: %w", err)
	}
	return nil
}

func (s *space) write(b []byte, at int64) error {
	end := at + int64(len(b))
	if s.file == nil && end > nearBytes {
		if err := s.open(); err != nil {
			return err
		}
		if _, err := s.file.WriteAt(s.near, 0); err != nil {
			return fmt.Errorf("remember what pages say: %w", err)
		}
		s.near = nil
	}
	if s.file == nil {
		if more := end - int64(len(s.near)); more > 0 {
			s.near = append(s.near, make([]byte, more)...)
		}
		copy(s.near[at:], b)
		return nil
	}
	if _, err := s.file.WriteAt(b, at); err != nil {
		return fmt.Errorf("remember what pages say: %w", err)
	}
	return nil
}

func (s *space) close() error {
	if s == nil || s.file == nil {
		return nil
	}
	return errors.Join(s.file.Close(), os.Remove(s.file.Name()))
}
