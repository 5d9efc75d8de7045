// The guard: ends what this process leaves behind when it dies without a chance to clean up.

package testbed

import (
	"errors"
	"fmt"
	"io"
	"os/exec"
	"syscall"
)

// guardScript waits until no process holds the other end of its standard input any more, then kills the processes whose ids
// are in the files *.pid of the directory and removes it.
const guardScript = `
cat > /dev/null
[ -d "$1" ] || exit 0
for file in "$1"/*.pid; do
  [ -s "$file" ] && kill -KILL "$(cat "$file")" 2> /dev/null
done
for again in 1 2 3 4 5 6 7 8 9; do
  rm -rf -- "$1" && exit 0
  sleep 1 # until those that were killed are gone
done
exit 1
`

// guard is the process that runs the script. It has a process group of its own, so that a Ctrl-C in the terminal does not reach it.
type guard struct {
	cmd   *exec.Cmd
	leash io.Closer
}

func startGuard(dir string) (*guard, error) {
	//nolint:noctx // it has to outlive every context of this process
	cmd := exec.Command("sh", "-c", guardScript, "guard", dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	leash, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start the guard: %w", err)
	}
	return &guard{cmd: cmd, leash: leash}, nil
}

// dismiss lets the guard do its work now and waits for it.
func (g *guard) dismiss() error {
	return errors.Join(g.leash.Close(), g.cmd.Wait())
}
