// Which addresses are connected to, and that nothing is tried at the others.

package xmlapi_test

import (
	"net"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

func TestAddresses(t *testing.T) {
	narrow := func(allow, deny string) xmlapi.Addresses {
		var a xmlapi.Addresses
		var err error
		if a.Allow, err = xmlapi.ParsePrefixes(allow); err != nil {
			t.Fatal(err)
		}
		if a.Deny, err = xmlapi.ParsePrefixes(deny); err != nil {
			t.Fatal(err)
		}
		return a
	}
	for _, test := range []struct {
		addresses          xmlapi.Addresses
		permitted, refused string
	}{
		{
			xmlapi.Addresses{}, "198.51.100.7 10.0.0.7 192.168.1.7 2001:db8::7 fd00::7 ::ffff:198.51.100.7 64:ff9b::198.51.100.7",
			"0.0.0.0 :: 0.1.2.3 127.0.0.1 127.255.0.1 ::1 ::ffff:127.0.0.1 ::127.0.0.1 64:ff9b::127.0.0.1 64:ff9b::169.254.169.254 2002:7f00:1::1 169.254.169.254 " +
				"::ffff:169.254.169.254 fe80::1 fe80::1%eth0 fd00:ec2::254 100.100.100.200 168.63.129.16 224.0.0.1 239.255.255.250 ff02::1 255.255.255.255 240.0.0.1",
		},
		{xmlapi.Loopback, "127.0.0.1 ::1 ::ffff:127.0.0.1", "169.254.169.254 0.0.0.0 ::"},
		{narrow("0.0.0.0/0,::/0", ""), "198.51.100.7", "127.0.0.1 ::1 169.254.169.254"}, // everything is less specific than what is refused
		{narrow("169.254.7.0/24", ""), "169.254.7.1", "169.254.169.254"},
		{narrow("10.96.7.7", "10.96.0.0/12,fd00:96::/64"), "10.96.7.7 10.112.0.1 ::ffff:10.96.7.7", "10.96.7.8 10.111.255.255 ::ffff:10.96.7.8 64:ff9b::10.96.7.8 fd00:96::1"},
		{narrow("10.96.0.0/12,10.0.0.0/8", "10.96.0.0/12"), "10.0.0.1", "10.96.0.1"}, // of two equal ranges, Deny wins
		{narrow("::ffff:127.0.0.0/104", "::ffff:198.51.100.7"), "127.0.0.1", "198.51.100.7"},
	} {
		for _, a := range strings.Fields(test.permitted) {
			if !test.addresses.Permits(netip.MustParseAddr(a)) {
				t.Errorf("%v: %s is refused", test.addresses, a)
			}
		}
		for _, a := range strings.Fields(test.refused) {
			if test.addresses.Permits(netip.MustParseAddr(a)) {
				t.Errorf("%v: %s is permitted", test.addresses, a)
			}
		}
	}
	for _, list := range []string{"10.0.0.0/33", "web-01.example", "10.0.0", "10.0.0.1-10.0.0.9"} {
		if _, err := xmlapi.ParsePrefixes(list); err == nil {
			t.Errorf("%q is taken", list)
		}
	}
}

// TestARefusedAddressIsNotTried: the error does not reveal whether something listens there.
func TestARefusedAddressIsNotTried(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := free.Addr().String()
	free.Close()
	var calls atomic.Int32
	go func() {
		for conn, err := l.Accept(); err == nil; conn, err = l.Accept() {
			calls.Add(1)
			conn.Close()
		}
	}()
	texts := map[string]bool{}
	for _, address := range []string{l.Addr().String(), nobody, strings.Replace(l.Addr().String(), "127.0.0.1", "localhost", 1), strings.Replace(nobody, "127.0.0.1", "[::ffff:127.0.0.1]", 1)} {
		for _, scheme := range []string{"https://", "http://"} {
			c, err := xmlapi.New(xmlapi.Config{URL: scheme + address, Username: "admin", Password: "pw"})
			if err != nil {
				t.Fatal(err)
			}
			for _, err := range []error{read(c), write(c)} {
				if xmlapi.ClassOf(err) != xmlapi.Untrusted {
					t.Errorf("%s: %v", address, err)
				}
				_, text, _ := strings.Cut(err.Error(), ": ")
				texts[text] = true
			}
		}
	}
	if len(texts) != 1 {
		t.Errorf("they can be told apart: %v", texts)
	}
	if n := calls.Load(); n != 0 {
		t.Errorf("%d connections", n)
	}
}
