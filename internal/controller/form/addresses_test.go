// Addresses: many ways to write them, one form to compare.

package form

import "testing"

func TestAddresses(t *testing.T) {
	for _, c := range []struct{ said, address, network string }{
		{"198.51.100.7", "198.51.100.7", "198.51.100.7"},
		{"2001:DB8:0:0::7", "2001:db8::7", "2001:db8::7"},
		{"::ffff:198.51.100.7", "::ffff:198.51.100.7", "198.51.100.7"}, // an AAAA record, and a host that connects
		{" 198.51.100.7 ", "198.51.100.7", "198.51.100.7"},
		{"198.51.100.7/24", "198.51.100.7/24", "198.51.100.0/24"},
		{"198.51.100.7/32", "198.51.100.7/32", "198.51.100.7"},
		{"fe80::1%eth0", "fe80::1%eth0", "fe80::1%eth0"},
		{"an  address", "an address", "an address"},
	} {
		if got := ShownAddress(c.said); got != c.address {
			t.Errorf("the address %q is %q, want %q", c.said, got, c.address)
		}
		if got := Network(c.said); got != c.network {
			t.Errorf("the network %q is %q, want %q", c.said, got, c.network)
		}
	}
	for _, s := range []string{"", "198.51.100.7/32", "fe80::1%eth0", " 198.51.100.7", "acme.example"} {
		if a, err := Address(s); err == nil {
			t.Errorf("%q is taken for the address %s", s, a)
		}
	}
}

func TestMaskedNetworks(t *testing.T) {
	for _, c := range [][2]string{
		{"10.1.2.3/255.0.0.0", "10.0.0.0/8"}, {"0.0.0.0/0.0.0.0", "0.0.0.0/0"}, {"198.51.100.7/255.255.255.255", "198.51.100.7"},
		{"2001:db8::1/ffff:ffff::", "2001:db8::/32"}, {"198.51.100.7/24", "198.51.100.0/24"}, {"198.51.100.7", "198.51.100.7"},
		{"10.0.0.0/255.0.255.0", "10.0.0.0/255.0.255.0"}, {"everyone", "everyone"},
	} {
		if got := MaskedNetwork(c[0]); got != c[1] {
			t.Errorf("%q is %q, want %q", c[0], got, c[1])
		}
		if again := MaskedNetwork(c[1]); again != c[1] {
			t.Errorf("%q is not in normal form: %q", c[1], again)
		}
	}
}

func TestMailAddresses(t *testing.T) {
	for _, c := range [][2]string{
		{"Desk@Hub.Example", "desk@hub.example"}, {" desk@bücher.example", "desk@xn--bcher-kva.example"}, {"Desk", "desk"},
		{"a@b@Hub.example", "a@b@hub.example"}, {"desk@under_score.Example", "desk@under_score.example"},
	} {
		if got := MailAddress(c[0]); got != c[1] {
			t.Errorf("%q is %q, want %q", c[0], got, c[1])
		}
	}
}
