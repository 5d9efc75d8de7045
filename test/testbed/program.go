// A program that the bed runs: started and waited for until it is ready, ended by its process id.

package testbed

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"syscall"
	"time"
)

const (
	// stopWithin is how long a program may take to end when it is told to. It is longer than the manager's own limit, with room
	// for a busy machine.
	stopWithin = 2 * time.Minute
	// lookAgain is how often a starting program is asked whether it is ready.
	lookAgain = 25 * time.Millisecond
)

// Program is a process of its own that can be stopped, killed and started again.
type Program struct {
	// LogFile receives all output of the program, across restarts.
	LogFile string

	name, path, pidFile string
	args, env           []string
	lifeEnv             func(life int) []string // more environment for each start, counted from 1; nil: none
	ready               func(ctx context.Context, logFrom int64) bool
	mayEnd              func(code int, log []byte) bool // whether it may end by itself like this, having said that; nil: never

	life    sync.Mutex // held while the program is started or ended
	lives   int        // how often it was started
	process *process
}

// process is one life of a program.
type process struct {
	cmd     *exec.Cmd
	logFrom int64         // where in the log it begins
	done    chan struct{} // closed when it is over
	err     error         // how it ended; to be read when done is closed
	killed  bool          // by Kill
}

// program describes a program of this bed; it is not started yet.
func (b *Bed) program(name, binary string) *Program {
	return &Program{name: name, path: b.path("bin", binary), LogFile: b.path(name + ".log"), pidFile: b.path(name + ".pid")}
}

// Start starts the program and waits until it is ready. A program that ends instead, or is not ready when ctx ends, is an error;
// one that may end like that (see Manager) is started again.
func (p *Program) Start(ctx context.Context) error {
	p.life.Lock()
	defer p.life.Unlock()
	if p.running() {
		return fmt.Errorf("%s runs already", p.name)
	}
	if err := p.launch(); err != nil {
		return err
	}
	ticker := time.NewTicker(lookAgain)
	defer ticker.Stop()
	for !p.ready(ctx, p.process.logFrom) {
		select {
		case <-p.process.done:
			if p.process.err != nil && p.failure() == nil && ctx.Err() == nil {
				if err := p.launch(); err != nil {
					return err
				}
				continue
			}
			how := p.process.cmd.ProcessState
			p.process = nil
			return fmt.Errorf("%s ended when it was started: %s\n%s", p.name, how, tail(p.LogFile, 20))
		case <-ctx.Done():
			_ = p.end(syscall.SIGKILL) // it only says that the program was killed
			p.process = nil
			return fmt.Errorf("%s was not ready in time: %w\n%s", p.name, ctx.Err(), tail(p.LogFile, 20))
		case <-ticker.C:
		}
	}
	return nil
}

func (p *Program) launch() (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("start %s: %w", p.name, err)
		}
	}()
	log, err := os.OpenFile(p.LogFile, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	info, err := log.Stat()
	if err != nil {
		return err
	}
	//nolint:noctx // it outlives the context that bounds its start
	cmd := exec.Command(p.path, p.args...)
	p.lives++
	cmd.Env = append(os.Environ(), p.env...)
	if p.lifeEnv != nil {
		cmd.Env = append(cmd.Env, p.lifeEnv(p.lives)...)
	}
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // a Ctrl-C in the terminal is for the owner
	if err := cmd.Start(); err != nil {
		return err
	}
	err = os.WriteFile(p.pidFile, []byte(strconv.Itoa(cmd.Process.Pid)), 0o600)
	proc := &process{cmd: cmd, logFrom: info.Size(), done: make(chan struct{})}
	p.process = proc
	go func() {
		defer close(proc.done)
		proc.err = cmd.Wait()
		_ = os.Remove(p.pidFile) // a process that is gone needs no guard
	}()
	return err
}

func (p *Program) running() bool {
	if p.process == nil {
		return false
	}
	select {
	case <-p.process.done:
		return false
	default:
		return true
	}
}

// Stop tells the program to end and waits for it. It returns an error if the program did not end well, or had not before.
func (p *Program) Stop() error {
	p.life.Lock()
	defer p.life.Unlock()
	if p.process == nil {
		return nil
	}
	if p.running() {
		return p.end(syscall.SIGTERM)
	}
	return p.failure()
}

// Failure says what was wrong with the end of the program: nothing while it runs, when it ended well, by Kill, or as it may end by
// itself (see Manager).
func (p *Program) Failure() error {
	p.life.Lock()
	defer p.life.Unlock()
	if p.process == nil || p.running() {
		return nil
	}
	return p.failure()
}

// Kill ends the program at once, as a crash does. A program that does not run is left as it is.
func (p *Program) Kill() {
	p.life.Lock()
	defer p.life.Unlock()
	if p.running() {
		p.process.killed = true
		_ = p.end(syscall.SIGKILL) // it only says that the program was killed
	}
}

// Freeze stops the program in the middle of whatever it does, as a pause of its machine would, until Thaw.
func (p *Program) Freeze() error { return p.signal(syscall.SIGSTOP) }

// Thaw lets a frozen program go on.
func (p *Program) Thaw() error { return p.signal(syscall.SIGCONT) }

func (p *Program) signal(s syscall.Signal) error {
	p.life.Lock()
	defer p.life.Unlock()
	if !p.running() {
		return fmt.Errorf("%s does not run", p.name)
	}
	return p.process.cmd.Process.Signal(s)
}

// end sends a signal and waits until the process is gone.
func (p *Program) end(signal syscall.Signal) error {
	for _, s := range []syscall.Signal{signal, syscall.SIGCONT} { // a frozen one would not hear the first
		if err := p.process.cmd.Process.Signal(s); err != nil && !errors.Is(err, os.ErrProcessDone) {
			return fmt.Errorf("%s: %w", p.name, err)
		}
	}
	patience := time.NewTimer(stopWithin)
	defer patience.Stop()
	select {
	case <-p.process.done:
		return p.failure()
	case <-patience.C:
		_ = p.process.cmd.Process.Kill() // it may have ended just now
		<-p.process.done
		return fmt.Errorf("%s did not end within %s and was killed\n%s", p.name, stopWithin, tail(p.LogFile, 20))
	}
}

// failure judges the end of a process that is gone.
func (p *Program) failure() error {
	err := p.process.err
	if err == nil || p.process.killed {
		return nil
	}
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && p.mayEnd != nil && p.mayEnd(exit.ExitCode(), p.said()) {
		return nil
	}
	return fmt.Errorf("%s: %w", p.name, err)
}

// said is what the program has said in its present life, or the last one; nothing when the log cannot be read.
func (p *Program) said() []byte {
	log, err := os.ReadFile(p.LogFile)
	if err != nil {
		return nil
	}
	return log[min(p.process.logFrom, int64(len(log))):]
}

// PID is the program's process id, 0 when it does not run.
func (p *Program) PID() int {
	p.life.Lock()
	defer p.life.Unlock()
	if !p.running() {
		return 0
	}
	return p.process.cmd.Process.Pid
}

// Ended is closed when the program, as it runs now, has ended; it is closed for a program that was not started.
func (p *Program) Ended() <-chan struct{} {
	p.life.Lock()
	defer p.life.Unlock()
	if p.process == nil {
		never := make(chan struct{})
		close(never)
		return never
	}
	return p.process.done
}

// LogTail returns the last lines of the log.
func (p *Program) LogTail(lines int) string { return tail(p.LogFile, lines) }
