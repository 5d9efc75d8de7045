// Package hoster is what a hosting company has on its servers, as resources: the fleet of benchmarks, and of pictures of a fleet.
package hoster

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

// A family is ten resources: two customers, three subscriptions, their three zones, and mail accounts in two of them.
const (
	FamilySize            = 10
	CustomersPerFamily    = 2
	SitesPerFamily        = 3
	MailAccountsPerFamily = 2
	RecordsPerZone        = 2
)

// PlanName is the service plan that all subscriptions of a server have, on the server and, with the name of its PleskServer, as a resource.
const PlanName = "bench"

// Login is a customer's, by its number, on the server and as a resource.
func Login(n int) string { return fmt.Sprintf("c%06d", n) }

// Email is a customer's address.
func Email(n int) string { return Login(n) + "@customers.example" }

// SiteName is a subscription's and its zone's as resources, and its system user.
func SiteName(n int) string { return fmt.Sprintf("s%06d", n) }

// Domain is a subscription's domain name.
func Domain(n int) string { return SiteName(n) + ".example" }

// SiteText is a subscription's description.
func SiteText(n int) string { return "Subscription " + SiteName(n) }

// MailName is a mail account's, on the server and as a resource.
func MailName(n int) string { return fmt.Sprintf("m%06d", n) }

// MailText is a mail account's description.
func MailText(n int) string { return "Mail account " + MailName(n) }

// RecordHost is the name of a zone's record, by its place among the zone's.
func RecordHost(at int) string { return fmt.Sprintf("host%d", at) }

// Address is the value of a zone's record. No two records have the same.
func Address(n, at int) string {
	number := RecordsPerZone*n + at
	return fmt.Sprintf("198.%d.%d.%d", 18+number/62500, number/250%250, number%250+1)
}

// Passwords is the Secret that all accounts refer to.
func Passwords(namespace, password string) *corev1.Secret {
	return &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: "accounts"}, StringData: map[string]string{"password": password}}
}

func accountPassword() *v1alpha1.SecretValue {
	return &v1alpha1.SecretValue{SecretRef: v1alpha1.SecretKeySelector{Name: "accounts", Key: "password"}}
}

func named(name string) metav1.ObjectMeta { return metav1.ObjectMeta{Name: name} }

func on(server string) v1alpha1.CommonSpec {
	return v1alpha1.CommonSpec{ServerRef: &v1alpha1.ServerReference{Name: server}}
}

func planOn(server string) string { return PlanName + "-" + server }

// Family is the resources with the numbers that belong together. Their plan and their passwords are not among them.
func Family(server string, n int) []client.Object {
	var out []client.Object
	for k := range CustomersPerFamily {
		out = append(out, Customer(server, n*CustomersPerFamily+k))
	}
	for k := range SitesPerFamily {
		out = append(out, Subscription(server, n*SitesPerFamily+k, n*CustomersPerFamily+k%CustomersPerFamily))
	}
	for k := range SitesPerFamily {
		out = append(out, Zone(server, n*SitesPerFamily+k))
	}
	for k := range MailAccountsPerFamily {
		out = append(out, MailAccount(server, n*MailAccountsPerFamily+k, n*SitesPerFamily+k))
	}
	return out
}

// Plan is the plan of a server's subscriptions.
func Plan(server string) client.Object {
	return &v1alpha1.PleskServicePlan{ObjectMeta: named(planOn(server)), Spec: v1alpha1.PleskServicePlanSpec{CommonSpec: on(server), PlanName: PlanName}}
}

// Customer is one.
func Customer(server string, n int) client.Object {
	return &v1alpha1.PleskCustomer{ObjectMeta: named(Login(n)), Spec: v1alpha1.PleskCustomerSpec{
		CommonSpec: on(server), Account: v1alpha1.Account{Login: Login(n), ContactName: "Ada Birch", Email: new(Email(n)), Password: accountPassword()},
	}}
}

// Subscription is a customer's.
func Subscription(server string, n, customer int) client.Object {
	return &v1alpha1.PleskSubscription{ObjectMeta: named(SiteName(n)), Spec: v1alpha1.PleskSubscriptionSpec{
		CommonSpec: on(server), DomainName: Domain(n), Description: new(SiteText(n)),
		CustomerRef: &v1alpha1.ObjectReference{Name: Login(customer)}, ServicePlanRef: &v1alpha1.ObjectReference{Name: planOn(server)},
		Hosting: &v1alpha1.SubscriptionHosting{VirtualHost: &v1alpha1.VirtualHost{
			SystemUser: &v1alpha1.SystemUser{Name: new(SiteName(n)), Password: accountPassword()},
		}},
	}}
}

// Zone is the zone of a subscription.
func Zone(server string, n int) client.Object {
	z := &v1alpha1.PleskDNSZone{ObjectMeta: named(SiteName(n)), Spec: v1alpha1.PleskDNSZoneSpec{CommonSpec: on(server), SiteRef: v1alpha1.DNSZoneOwner(site(n))}}
	for at := range RecordsPerZone {
		z.Spec.Records = append(z.Spec.Records, v1alpha1.DNSRecord{Name: RecordHost(at), Type: v1alpha1.DNSRecordA, Value: Address(n, at)})
	}
	return z
}

// MailAccount is one in a subscription.
func MailAccount(server string, n, subscription int) client.Object {
	return &v1alpha1.PleskMailAccount{ObjectMeta: named(MailName(n)), Spec: v1alpha1.PleskMailAccountSpec{
		CommonSpec: on(server), SiteRef: site(subscription), MailName: MailName(n), Description: new(MailText(n)),
		Mailbox: &v1alpha1.MailAccountMailbox{Enabled: true}, Password: accountPassword(),
	}}
}

func site(n int) v1alpha1.SiteReference {
	return v1alpha1.SiteReference{Kind: "PleskSubscription", Name: SiteName(n)}
}
