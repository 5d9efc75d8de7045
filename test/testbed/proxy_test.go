// Shows what clients and servers see of a partition.

package testbed

import (
	"bufio"
	"errors"
	"io"
	"net"
	"os"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

// echoes is a server that answers every line with itself.
func echoes(g *WithT, t *testing.T) (address string, heard chan string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	g.Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() { _ = l.Close() })
	heard = make(chan string, 10)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				for lines := bufio.NewScanner(conn); lines.Scan(); {
					heard <- lines.Text()
					_, _ = io.WriteString(conn, lines.Text()+"\n")
				}
				_ = conn.Close()
			}()
		}
	}()
	return l.Addr().String(), heard
}

const (
	answersWithin = time.Minute            // on a busy machine
	hangsFor      = 200 * time.Millisecond // a real partition can only last longer
)

// exchange sends a line and waits for the answer.
func exchange(conn net.Conn, line string, within time.Duration) (string, error) {
	if _, err := io.WriteString(conn, line+"\n"); err != nil {
		return "", err
	}
	if err := conn.SetReadDeadline(time.Now().Add(within)); err != nil {
		return "", err
	}
	return bufio.NewReader(conn).ReadString('\n')
}

func TestPartition(t *testing.T) {
	g := NewWithT(t)
	address, heard := echoes(g, t)
	bed := &Bed{}
	defer func() { g.Expect(bed.Close()).To(Succeed()) }()
	p, err := bed.Proxy(address)
	g.Expect(err).NotTo(HaveOccurred())
	connect := func() net.Conn {
		conn, err := net.Dial("tcp", p.Address)
		g.Expect(err).NotTo(HaveOccurred())
		t.Cleanup(func() { _ = conn.Close() })
		return conn
	}
	old := connect()
	g.Expect(exchange(old, "one", answersWithin)).To(Equal("one\n"))
	g.Expect(heard).To(Receive(Equal("one")))

	p.Partition()
	fresh := connect()
	for _, conn := range []net.Conn{old, fresh} {
		_, err := exchange(conn, "lost", hangsFor)
		g.Expect(errors.Is(err, os.ErrDeadlineExceeded)).To(BeTrue(), "it hangs, and is not refused: %v", err)
	}

	p.Heal()
	for _, conn := range []net.Conn{old, fresh} {
		g.Expect(conn.SetReadDeadline(time.Now().Add(answersWithin))).To(Succeed())
		_, err := conn.Read(make([]byte, 1))
		g.Expect(err).To(HaveOccurred())
		g.Expect(errors.Is(err, os.ErrDeadlineExceeded)).To(BeFalse(), "it was closed: %v", err)
	}
	g.Expect(exchange(connect(), "two", answersWithin)).To(Equal("two\n"))
	g.Expect(heard).To(Receive(Equal("two")), "and never what was on its way meanwhile")
}
