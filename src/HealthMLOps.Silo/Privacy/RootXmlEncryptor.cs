using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;

namespace HealthMLOps.Privacy;

/// <summary>Seals a key of the ring under the root key before it reaches the database.</summary>
internal sealed class RootXmlEncryptor(RingRoot root) : IXmlEncryptor
{
    public const string Context = "ring-key";

    public EncryptedXmlInfo Encrypt(XElement plaintextElement) => new(
        new XElement("sealed", Convert.ToBase64String(root.Seal.Seal(Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting)), Context))),
        typeof(RootXmlDecryptor));
}

/// <summary>The other way. Its name is stored with each key: it stays as it is.</summary>
public sealed class RootXmlDecryptor(IServiceProvider services) : IXmlDecryptor
{
    private readonly RingRoot _root = services.GetRequiredService<RingRoot>();

    public XElement Decrypt(XElement encryptedElement) =>
        XElement.Parse(Encoding.UTF8.GetString(_root.Seal.Open(Convert.FromBase64String(encryptedElement.Value), RootXmlEncryptor.Context)));
}

/// <summary>What seals the ring's own keys.</summary>
internal sealed class RingRoot(byte[] rootKey)
{
    public RootSeal Seal { get; } = new(rootKey);
}
