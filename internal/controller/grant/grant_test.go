// What plans and subscriptions grant: how it is written and read.

package grant

import (
	"testing"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
)

// A permission that the server does not list is not granted: wanting it away is no difference, wanting it is one.
func TestUnlistedPermission(t *testing.T) {
	g := NewWithT(t)
	have := FoundAllowance(nil, &hosting.Permissions{Permissions: []hosting.Permission{{Name: "manage_dns", Value: true}}}, nil)
	want, err := WantedAllowance(&v1alpha1.Allowance{Permissions: map[string]bool{"manage_dns": true, "ext_permission_x": false}})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(engine.Diff(*want, *have)).To(BeEmpty())
	want, err = WantedAllowance(&v1alpha1.Allowance{Permissions: map[string]bool{"ext_permission_x": true}})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(engine.Diff(*want, *have)).To(Equal([]engine.Change{{Field: "permissions.ext_permission_x", From: "false", To: "true"}}))
}

// host is a kind of hosting: properties of its own beside those that all have.
type host struct {
	Login        *string        `plesk:"systemUser.name" property:"ftp_login"`
	Password     *xmlapi.Secret `plesk:"systemUser.password,writeonly" property:"ftp_password"`
	DocumentRoot *string        `plesk:"documentRoot" property:"www_root"`
	SEORedirect  *string        `plesk:"seoRedirect" property:"seo-redirect" words:"None=none,WWW=www,NonWWW=non-www"`
	Shared       *Hosting       `plesk:""`
}

func TestProperties(t *testing.T) {
	g := NewWithT(t)
	v := &host{
		Login: new("acme"), Password: new(xmlapi.Secret("s3cret")), SEORedirect: new("NonWWW"),
		Shared: &Hosting{PHP: new(false), Quota: new("unlimited"), Extra: map[string]string{"b": "2", "a": "1"}},
	}
	list := Properties(v)
	g.Expect(list).To(ConsistOf(
		xmlapi.Property{Name: "ftp_login", Value: "acme"}, xmlapi.Property{Name: "ftp_password", Value: "s3cret"},
		xmlapi.Property{Name: "seo-redirect", Value: "non-www"}, xmlapi.Property{Name: "php", Value: "false"},
		xmlapi.Property{Name: "ftp_quota", Value: "-1"}, xmlapi.Property{Name: "a", Value: "1"}, xmlapi.Property{Name: "b", Value: "2"},
	))

	back := &host{Shared: &Hosting{}}
	ReadProperties(back, append(list, xmlapi.Property{Name: "ssl", Value: "on"}, xmlapi.Property{Name: "fp_admin_password", Value: "old"}))
	g.Expect(back.Password).To(BeNil(), "passwords are not read")
	g.Expect(back.Shared.Extra).To(Equal(map[string]string{"a": "1", "b": "2"}), "those of old servers neither")
	g.Expect(*back.SEORedirect).To(Equal("NonWWW"))
	g.Expect(*back.Shared.Quota).To(Equal("unlimited"))
	g.Expect(*back.Shared.TLS).To(BeTrue())
	g.Expect(*back.Shared.SSI).To(BeFalse(), "a switch that is not listed is off")
	g.Expect(back.DocumentRoot).To(BeNil())

	g.Expect(Properties((*host)(nil))).To(BeEmpty())
	ReadProperties(back, []xmlapi.Property{{Name: "ssl", Value: "perhaps"}, {Name: "seo-redirect", Value: "new-word"}})
	g.Expect(back.Shared.TLS).To(BeNil(), "an unknown value is no answer")
	g.Expect(*back.SEORedirect).To(Equal("new-word"), "and shows as a difference")
}

// What is held to descriptors has the field's path and the wire's name and value. Passwords are nobody's to describe.
func TestDescribed(t *testing.T) {
	g := NewWithT(t)
	by := hosting.Descriptors{Limits: hosting.DescriptorQuery{Name: "limits"}, Permissions: hosting.DescriptorQuery{Name: "permissions"}, Properties: hosting.DescriptorQuery{Name: "properties"}}
	told := func(all []engine.Described) []string {
		var out []string
		for _, d := range all {
			out = append(out, d.In.Name+" "+d.Field+": "+d.Name+"="+d.Value)
		}
		return out
	}
	a, err := WantedAllowance(&v1alpha1.Allowance{
		Limits:      map[string]v1alpha1.LimitValue{"max_box": {Text: "unlimited"}, "disk_space": {Text: "2Gi"}},
		Permissions: map[string]bool{"manage_dns": false}, Overuse: new(v1alpha1.OveruseBlock),
	})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(told(a.Described(by))).To(HaveExactElements(
		"limits limits.disk_space: disk_space=2147483648", "limits limits.max_box: max_box=-1", "permissions permissions.manage_dns: manage_dns=false"))
	g.Expect(told((*Allowance)(nil).Described(by))).To(BeEmpty())

	v := &host{
		Login: new("acme"), Password: new(xmlapi.Secret("s3cret")), SEORedirect: new("NonWWW"),
		Shared: &Hosting{TLS: new(true), PHPHandler: new("php83"), Quota: new("unlimited"), Extra: map[string]string{"wu_script": "true"}, PHPSettings: map[string]string{"memory_limit": "1G"}},
	}
	g.Expect(told(DescribedProperties("hosting", v, by.Properties))).To(HaveExactElements(
		"properties hosting.systemUser.name: ftp_login=acme", "properties hosting.seoRedirect: seo-redirect=non-www", "properties hosting.tls.enabled: ssl=true",
		"properties hosting.quota: ftp_quota=-1", "properties hosting.php.handlerID: php_handler_id=php83", "properties hosting.extraProperties.wu_script: wu_script=true"))
	g.Expect(told(DescribedProperties("hosting", (*host)(nil), by.Properties))).To(BeEmpty())
}

func TestExtraProperties(t *testing.T) {
	g := NewWithT(t)
	refusal := func(name string) string {
		err := checkExtra("spec.x", map[string]string{name: "1"}, &host{Shared: &Hosting{}})
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
