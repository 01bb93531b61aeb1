package patience

import (
	"os"
	"runtime"
	"sync"
	"time"
)

const (
	// tick is the most that the clock advances between two looks at whether this
	// process gets round to its work: a fraction of the shortest limit (half a
	// second), so that a request has two dozen turns within that.
	tick = 20 * time.Millisecond
	// lateness is how late a look may be and still be on time.
	lateness = tick / 4
)

// Clock advances while this process is attentive; see the package comment. The
// zero value is ready for use; it must not be copied. It is safe for concurrent
// use and costs nothing while nobody is being asked.
type Clock struct {
	// Probe returns when the process has got round to whatever was ready to run as
	// it was called. Nil sends a byte through the kernel. Simulations, whose time
	// cannot pass while the kernel is waited for, set another.
	Probe func()

	mu      sync.Mutex
	holders int // who needs it to run
	running bool
	now     time.Duration
}

// hold lets the clock run and returns its time.
func (c *Clock) hold() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.holders++
	if !c.running {
		c.running = true
		go c.run()
	}
	return c.now
}

func (c *Clock) release() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.holders--
}

func (c *Clock) read() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// run advances the clock until nobody holds it.
func (c *Clock) run() {
	probe, end := c.Probe, func() {}
	if probe == nil {
		probe, end = sendOurselves()
	}
	defer end()
	for {
		began := time.Now()
		time.Sleep(tick)
		probe()
		if !c.advance(time.Since(began)) {
			return
		}
	}
}

// advance adds a tick that took this long, and tells whether to go on.
func (c *Clock) advance(took time.Duration) bool {
	if took > tick+lateness {
		took = tick
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now += took
	c.running = c.holders > 0
	return c.running
}

// sendOurselves returns a probe by a pipe, which is made with the first use, and
// what closes it. Without a pipe (there are too many open files) a turn at the end
// of the scheduler's queue has to do.
func sendOurselves() (probe, end func()) {
	var p *pipe
	probe = func() {
		if p == nil {
			p = newPipe()
		}
		if !p.send() {
			runtime.Gosched()
		}
	}
	return probe, func() { p.close() }
}

// pipe is a way through the kernel from this process to itself.
type pipe struct {
	from, to *os.File
	arrived  chan struct{} // closed when nothing will arrive any more
}

func newPipe() *pipe {
	p := &pipe{arrived: make(chan struct{})}
	var err error
	if p.from, p.to, err = os.Pipe(); err != nil {
		close(p.arrived)
		return p
	}
	go func() {
		defer close(p.arrived)
		var one [1]byte
		for {
			if _, err := p.from.Read(one[:]); err != nil {
				return
			}
			p.arrived <- struct{}{}
		}
	}()
	return p
}

// send sends a byte and waits until it has come back; false if that is impossible.
func (p *pipe) send() bool {
	if p.to == nil {
		return false
	}
	if _, err := p.to.Write([]byte{0}); err != nil {
		return false
	}
	_, ok := <-p.arrived
	return ok
}

// close ends the reader, then the pipe.
func (p *pipe) close() {
	if p == nil || p.to == nil {
		return
	}
	_ = p.to.Close() // which its reader sees as the end
	<-p.arrived
	_ = p.from.Close()
}
