// The row of PleskFTPUser.

package conformance

import (
	"encoding/json"
	"strconv"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	family "github.com/plesk-operator/plesk-operator/internal/controller/web"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/ftpuser"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

// ftpUserRow has no mark: nothing in an account can hold one. Its names are unique on the whole server, and known within the subscription: what has
// the name in another one is refused, and never taken for the object.
var ftpUserRow = row{
	kind: "PleskFTPUser",
	is:   kind(family.FTPUser{}),
	can:  []capability{exporter, maker, lister, normalizer, secretUser, publisher, stateless, named, blamer},
	prepare: func(s *site) {
		do(s, webspace.Add, webspace.AddRequest{
			GenSetup: webspace.NewGenSetup{Name: "acme.example", HostingType: new(hosting.Virtual), IPAddresses: []string{sharedAddress}},
			Hosting: &hosting.Hosting{Virtual: &hosting.VirtualHosting{IPAddresses: []string{sharedAddress}, Properties: []xmlapi.Property{
				{Name: "ftp_login", Value: "acmeftp"}, {Name: "ftp_password", Value: "By-Hand-2031"},
			}}},
		})
		addFTPUser(s, "neighbour", ftpuser.SetValues{Quota: new(int64(1 << 20))})
	},
	object: func(s *site) v1alpha1.Object {
		u := &v1alpha1.PleskFTPUser{Spec: v1alpha1.PleskFTPUserSpec{
			CommonSpec: s.common(), SubscriptionRef: v1alpha1.ObjectReference{External: "acme.example"}, Login: "designer",
			Password: new(s.generated()), Quota: ftpUserQuota("1Gi"), HomeDirectory: new("/"),
			Permissions:         &v1alpha1.FTPUserPermissions{Read: new(true), Write: new(true)},
			ConnectionSecretRef: &v1alpha1.SecretReference{Name: s.connectionName()},
		}}
		u.Name = s.name + "-designer"
		return u
	},
	fields: []field{
		ftpUserField("quota", "1073741824", "2147483648", "4096",
			func(u *v1alpha1.PleskFTPUserSpec) { u.Quota = ftpUserQuota("2Gi") }, func(u *v1alpha1.PleskFTPUserSpec) { u.Quota = nil },
			func(u ftpuser.GetResult) string { return strconv.FormatInt(*u.Quota, 10) },
			func(v *ftpuser.SetValues, _ string) { v.Quota = new(int64(4096)) }),
		ftpUserField("permissions.read", "true", "false", "false",
			func(u *v1alpha1.PleskFTPUserSpec) { u.Permissions.Read = new(false) }, func(u *v1alpha1.PleskFTPUserSpec) { u.Permissions.Read = nil },
			func(u ftpuser.GetResult) string { return strconv.FormatBool(*u.Permissions.Read) },
			func(v *ftpuser.SetValues, _ string) { v.Permissions = &ftpuser.Permissions{Read: new(false)} }),
		ftpUserField("permissions.write", "true", "false", "false",
			func(u *v1alpha1.PleskFTPUserSpec) { u.Permissions.Write = new(false) }, func(u *v1alpha1.PleskFTPUserSpec) { u.Permissions.Write = nil },
			func(u ftpuser.GetResult) string { return strconv.FormatBool(*u.Permissions.Write) },
			func(v *ftpuser.SetValues, _ string) { v.Permissions = &ftpuser.Permissions{Write: new(false)} }),
		ftpUserField("homeDirectory", "", "/httpdocs", "/logs",
			func(u *v1alpha1.PleskFTPUserSpec) { u.HomeDirectory = new("/httpdocs") }, func(u *v1alpha1.PleskFTPUserSpec) { u.HomeDirectory = nil },
			func(u ftpuser.GetResult) string { return *u.Home },
			func(v *ftpuser.SetValues, home string) { v.Home = &home }),
	},
	list: func(s *site) []external {
		var out []external
		for _, u := range findAll(s, ftpuser.Get, ftpuser.GetRequest{Filter: xmlapi.All()}) {
			content, err := json.Marshal(u)
			s.Expect(err).NotTo(HaveOccurred())
			out = append(out, external{id: strconv.FormatInt(u.ID, 10), key: u.Name, content: string(content)})
		}
		return out
	},
	numbered: "ftp-user",
	local:    true,
	guises:   []guise{{name: "in a subscription in capitals", here: set(func(u *v1alpha1.PleskFTPUser) { u.Spec.SubscriptionRef.External = "ACME.example" })}},
	plant: func(s *site, id string) []string {
		setFTPUser(s, id, ftpuser.SetValues{Quota: new(int64(4242424242))})
		return []string{"4242424242"}
	},
	rename: rename{key: "painter", change: set(func(u *v1alpha1.PleskFTPUser) { u.Spec.Login = "painter" })},
	add: func(s *site, differing bool, _ string) {
		addFTPUser(s, "designer", ftpuser.SetValues{
			Quota: new(int64(1 << 30)), Permissions: &ftpuser.Permissions{Read: new(true), Write: new(!differing)},
		})
	},
	adds:    ftpuser.Add.Name(),
	parents: func(s *site) []v1alpha1.Object { return zoneRow.parents(s) },
	depth:   2,
	lieIn: func(o v1alpha1.Object, in v1alpha1.ObjectReference) {
		o.(*v1alpha1.PleskFTPUser).Spec.SubscriptionRef = in
	},
	remove: func(s *site, id string) {
		do(s, ftpuser.Del, ftpuser.DelRequest{Filter: ftpuser.ByID(number(s, id))})
	},
}

func ftpUserQuota(text string) *v1alpha1.FTPUserQuota {
	return &v1alpha1.FTPUserQuota{LimitValue: v1alpha1.LimitValue{Text: text}}
}

// ftpUserField is a field of an FTP account.
func ftpUserField(name, initial, changed, spoiled string, change, unset func(*v1alpha1.PleskFTPUserSpec), read func(ftpuser.GetResult) string,
	wire func(*ftpuser.SetValues, string),
) field {
	f := field{
		name: name, initial: initial, changed: changed,
		change: set(func(u *v1alpha1.PleskFTPUser) { change(&u.Spec) }),
		unset:  set(func(u *v1alpha1.PleskFTPUser) { unset(&u.Spec) }),
		read: func(s *site, id string) string {
			return read(do(s, ftpuser.Get, ftpuser.GetRequest{Filter: ftpuser.ByID(number(s, id)).Query()}))
		},
	}
	return f.spoiling(spoiled, func(s *site, id, value string) {
		var values ftpuser.SetValues
		wire(&values, value)
		setFTPUser(s, id, values)
	})
}

// addFTPUser makes an account behind the operator's back.
func addFTPUser(s *site, name string, v ftpuser.SetValues) {
	do(s, ftpuser.Add, ftpuser.AddRequest{
		Name: name, Password: "By-Hand-2031", Home: v.Home, Quota: v.Quota, Permissions: v.Permissions, WebspaceID: new(webspaceID(s, "acme.example")),
	})
}

// setFTPUser changes an account behind the operator's back.
func setFTPUser(s *site, id string, values ftpuser.SetValues) {
	do(s, ftpuser.Set, ftpuser.SetRequest{Filter: ftpuser.ByID(number(s, id)), Values: values})
}
