// The common parts of plans and subscriptions: how single values are written and read.

package controller

import (
	"math"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
)

func TestLimitNumber(t *testing.T) {
	for _, c := range []struct {
		name, value string
		want        int64
	}{
		{"max_site", "3", 3},
		{"disk_space", "2Gi", 2147483648},
		{"disk_space", "2147483648", 2147483648},
		{"disk_space", "1.5k", 1500},
		{"disk_space", "2G", 2000000000},
		{"max_box", "unlimited", -1},
		{"max_box", "0", 0},
		{"expiration", "2027-01-31", 1801353600},
		{"expiration", "2027-01-31T01:00:00+01:00", 1801353600},
		{"expiration", "1801353600", 1801353600},
		{"expiration", "unlimited", -1},
	} {
		got, err := limitNumber(c.name, v1alpha1.LimitValue{Text: c.value})
		if err != nil || got != c.want {
			t.Errorf("%s: %s is %d, %v; want %d", c.name, c.value, got, err, c.want)
		}
	}
	for _, c := range [][2]string{
		{"max_site", "-1"}, {"max_site", "1.5"}, {"max_site", ""}, {"max_site", "many"}, {"max_site", "2027-01-31"},
		{"disk_space", "10E"}, {"expiration", "1960-01-01"}, {"expiration", "2027-02-30"},
	} {
		if n, err := limitNumber(c[0], v1alpha1.LimitValue{Text: c[1]}); err == nil {
			t.Errorf("%s: %q is taken as %d", c[0], c[1], n)
		}
	}
	for _, n := range []int64{-1, 0, 1, math.MaxInt64} {
		if back, err := boundNumber(boundText(n)); err != nil || back != n {
			t.Errorf("%d comes back as %d, %v", n, back, err)
		}
	}
}

// A permission that the server does not list is not granted: wanting it away is no difference, wanting it is one.
func TestUnlistedPermission(t *testing.T) {
	g := NewWithT(t)
	have := foundAllowance(nil, &hosting.Permissions{Permissions: []hosting.Permission{{Name: "manage_dns", Value: true}}}, nil)
	want, err := wantedAllowance(&v1alpha1.Allowance{Permissions: map[string]bool{"manage_dns": true, "ext_permission_x": false}})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(engine.Diff(*want, *have)).To(BeEmpty())
	want, err = wantedAllowance(&v1alpha1.Allowance{Permissions: map[string]bool{"ext_permission_x": true}})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(engine.Diff(*want, *have)).To(Equal([]engine.Change{{Field: "permissions.ext_permission_x", From: "false", To: "true"}}))
}

// host is a kind of hosting: properties of its own beside those that all have.
type host struct {
	Login        *string        `plesk:"systemUser.name" property:"ftp_login"`
	Password     *xmlapi.Secret `plesk:"systemUser.password,writeonly" property:"ftp_password"`
	DocumentRoot *string        `plesk:"documentRoot" property:"www_root"`
	SEORedirect  *string        `plesk:"seoRedirect" property:"seo-redirect" words:"None=none,WWW=www,NonWWW=non-www"`
	Shared       *hostingValue  `plesk:""`
}

func TestProperties(t *testing.T) {
	g := NewWithT(t)
	v := &host{
		Login: new("acme"), Password: new(xmlapi.Secret("s3cret")), SEORedirect: new("NonWWW"),
		Shared: &hostingValue{PHP: new(false), Quota: new("unlimited"), Extra: map[string]string{"b": "2", "a": "1"}},
	}
	list := properties(v)
	g.Expect(list).To(ConsistOf(
		xmlapi.Property{Name: "ftp_login", Value: "acme"}, xmlapi.Property{Name: "ftp_password", Value: "s3cret"},
		xmlapi.Property{Name: "seo-redirect", Value: "non-www"}, xmlapi.Property{Name: "php", Value: "false"},
		xmlapi.Property{Name: "ftp_quota", Value: "-1"}, xmlapi.Property{Name: "a", Value: "1"}, xmlapi.Property{Name: "b", Value: "2"},
	))

	back := &host{Shared: &hostingValue{}}
	readProperties(back, append(list, xmlapi.Property{Name: "ssl", Value: "on"}, xmlapi.Property{Name: "fp_admin_password", Value: "old"}))
	g.Expect(back.Password).To(BeNil(), "passwords are not read")
	g.Expect(back.Shared.Extra).To(Equal(map[string]string{"a": "1", "b": "2"}), "those of old servers neither")
	g.Expect(*back.SEORedirect).To(Equal("NonWWW"))
	g.Expect(*back.Shared.Quota).To(Equal("unlimited"))
	g.Expect(*back.Shared.TLS).To(BeTrue())
	g.Expect(*back.Shared.SSI).To(BeFalse(), "a switch that is not listed is off")
	g.Expect(back.DocumentRoot).To(BeNil())

	g.Expect(properties((*host)(nil))).To(BeEmpty())
	readProperties(back, []xmlapi.Property{{Name: "ssl", Value: "perhaps"}, {Name: "seo-redirect", Value: "new-word"}})
	g.Expect(back.Shared.TLS).To(BeNil(), "an unknown value is no answer")
	g.Expect(*back.SEORedirect).To(Equal("new-word"), "and shows as a difference")
}

func TestExtraProperties(t *testing.T) {
	g := NewWithT(t)
	refusal := func(name string) string {
		err := checkExtra("spec.x", map[string]string{name: "1"}, &host{Shared: &hostingValue{}})
		if err == nil {
			return ""
		}
		return err.Error()
	}
	g.Expect(refusal("wu_script")).To(BeEmpty())
	g.Expect(refusal("php_handler_id")).To(Equal("spec.x: php_handler_id has a field of its own: php.handlerID"))
	g.Expect(refusal("www_root")).To(Equal("spec.x: www_root has a field of its own: documentRoot"))
	g.Expect(refusal("fp_admin_password")).To(ContainSubstring("password"))
	g.Expect(refusal("ftp_password_type")).To(BeEmpty())
}
