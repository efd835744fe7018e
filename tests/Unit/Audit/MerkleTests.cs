using CsCheck;
using HealthMLOps.Audit;

namespace HealthMLOps.Tests.Unit.Audit;

public sealed class MerkleTests
{
    /// <summary>The leaves and roots of the RFC 6962 test vectors (certificate-transparency, merkletree test data).</summary>
    private static readonly string[] Inputs =
        ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

    private static readonly string[] Roots =
    [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    private static readonly byte[][] Leaves = [.. Inputs.Select(i => MerkleHash.Leaf(Convert.FromHexString(i)))];

    [Fact]
    public void Roots_are_those_of_the_RFC_6962_vectors()
    {
        Assert.Equal("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", Convert.ToHexStringLower(new MerkleFrontier().Root));
        var tree = new MerkleFrontier();
        for (var i = 0; i < Leaves.Length; i++)
        {
            tree.Append(Leaves[i]);
            Assert.Equal(Roots[i], Convert.ToHexStringLower(tree.Root));
        }
    }

    [Fact]
    public void An_inclusion_proof_is_that_of_the_RFC_6962_vectors()
    {
        string[] path =
        [
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ];
        var made = MerkleProof.Inclusion(5, 8).Select(Root).ToList();
        Assert.Equal(path, made.Select(Convert.ToHexStringLower));
        Assert.True(MerkleProof.Includes(Convert.FromHexString(Roots[7]), 8, 5, Leaves[5], made));
    }

    [Fact]
    public void A_consistency_proof_is_that_of_the_RFC_6962_vectors()
    {
        string[] path =
        [
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ];
        var made = MerkleProof.Consistency(6, 8).Select(Root).ToList();
        Assert.Equal(path, made.Select(Convert.ToHexStringLower));
        Assert.True(MerkleProof.Extends(Convert.FromHexString(Roots[5]), 6, Convert.FromHexString(Roots[7]), 8, made));
    }

    [Fact]
    public void Proofs_are_those_of_the_slow_tree_and_verify_for_every_leaf_and_size()
    {
        var leaves = Enumerable.Range(0, 70).Select(i => MerkleHash.Leaf([(byte)i])).ToArray();
        for (var size = 1; size <= leaves.Length; size++)
        {
            var tree = leaves[..size];
            var root = SlowTree.Root(tree);
            for (var leaf = 0; leaf < size; leaf++)
            {
                var path = MerkleProof.Inclusion(leaf, size).Select(r => SlowTree.Root(tree.AsSpan((int)r.From..(int)r.To))).ToList();
                Assert.Equal(SlowTree.Path(leaf, tree), path);
                Assert.True(MerkleProof.Includes(root, size, leaf, tree[leaf], path));
            }
            for (var former = 1; former <= size; former++)
            {
                var path = MerkleProof.Consistency(former, size).Select(r => SlowTree.Root(tree.AsSpan((int)r.From..(int)r.To))).ToList();
                Assert.Equal(SlowTree.Growth(former, tree), path);
                Assert.True(MerkleProof.Extends(SlowTree.Root(tree.AsSpan(..former)), former, root, size, path));
            }
        }
    }

    [Fact]
    public void A_frontier_grows_and_folds_as_the_slow_tree_and_resumes_from_its_peaks() =>
        Gen.Select(Gen.Int[0, 200], Gen.Int[0, 200]).Sample((first, more) =>
        {
            var leaves = Enumerable.Range(0, first + more).Select(i => MerkleHash.Leaf(BitConverter.GetBytes(i))).ToArray();
            var tree = new MerkleFrontier();
            foreach (var leaf in leaves[..first]) tree.Append(leaf);
            var resumed = new MerkleFrontier(tree.Size, tree.Peaks);
            foreach (var leaf in leaves[first..]) resumed.Append(leaf, (subtree, hash) => Assert.Equal(SlowTree.Root(leaves.AsSpan((int)subtree.From..(int)subtree.To)), hash));
            Assert.Equal(SlowTree.Root(leaves), resumed.Root);
        });

    [Fact]
    public void A_proof_with_any_flipped_bit_or_for_another_leaf_or_size_fails() =>
        Gen.Select(Gen.Int[2, 64], Gen.Int[0, int.MaxValue], Gen.Int[0, int.MaxValue]).Sample((size, a, b) =>
        {
            var leaves = Enumerable.Range(0, size).Select(i => MerkleHash.Leaf([(byte)i])).ToArray();
            var (leaf, root) = (a % size, SlowTree.Root(leaves));
            var path = SlowTree.Path(leaf, leaves);
            var flipped = path.Select(p => p.ToArray()).ToList();
            flipped[b % path.Count][a % 32] ^= (byte)(1 << (b % 8));
            Assert.False(MerkleProof.Includes(root, size, leaf, leaves[leaf], flipped));
            Assert.False(MerkleProof.Includes(root, size, leaf, leaves[(leaf + 1) % size], path));
            Assert.False(MerkleProof.Includes(root, size, leaf, leaves[leaf], path[1..]));
            Assert.False(MerkleProof.Includes(root, size, leaf, leaves[leaf], [.. path, root]));
            var former = 1 + b % (size - 1);
            var growth = SlowTree.Growth(former, leaves);
            Assert.True(MerkleProof.Extends(SlowTree.Root(leaves.AsSpan(..former)), former, root, size, growth));
            var other = SlowTree.Root([.. leaves[..(former - 1)], MerkleHash.Leaf([200])]);
            Assert.False(MerkleProof.Extends(other, former, root, size, growth));
            growth[a % growth.Count] = MerkleHash.Leaf([201]);
            Assert.False(MerkleProof.Extends(SlowTree.Root(leaves.AsSpan(..former)), former, root, size, growth));
        });

    private static byte[] Root(MerkleRange range) => SlowTree.Root(Leaves.AsSpan((int)range.From..(int)range.To));
}
